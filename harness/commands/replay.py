"""`harness replay`: recorded histories against the code as it is now."""

from __future__ import annotations

import secrets
import tempfile
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import click

from harness.errors import EnvironmentUnavailable
from harness.exit_codes import exit_code
from harness.gate.replay_session import PROCESSES, replay_session
from harness.processes.interrupts import Signals
from harness.replay.engine.code import Code
from harness.replay.engine.processes import ReplayPlan
from harness.replay.histories.folder import find
from harness.replay.revision import checked_out
from harness.replay.verdicts.drift import read_allowed
from harness.replay.verdicts.summary import ReplayPolicy
from harness.reports.replay import json as replay_json
from harness.reports.replay import junit as replay_junit
from harness.reports.replay import markdown as replay_markdown
from harness.settings import find_project


@click.command("replay")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--workflows", multiple=True, required=True, metavar="MODULE[:CLASS]", help="The workflows; may be given again."
)
@click.option("--data-converter", default="", metavar="MODULE:NAME", help="The worker's data converter.")
@click.option("--codec", default="", metavar="MODULE:NAME", help="The payload codec.")
@click.option("--interceptor", "interceptors", multiple=True, metavar="MODULE:NAME", help="One of the worker's.")
@click.option("--passthrough", multiple=True, metavar="MODULE", help="A module that the sandbox passes through.")
@click.option("--unsandboxed", is_flag=True, help="Faster, and blind to what the sandbox forbids.")
@click.option("--strict", is_flag=True, help="Drift is red.")
@click.option("--allow", type=click.Path(path_type=Path), metavar="FILE", help="Differences that are meant.")
@click.option("--open", "assume_open", is_flag=True, help="A history without a close event is of an open run.")
@click.option("--open-only", is_flag=True, help="What breaks no open run is not red.")
@click.option("--against", default="", metavar="REV|PATH", help="Compare the code with this revision of it.")
@click.option("-j", "--processes", type=click.IntRange(min=1), default=PROCESSES, help="Processes. Default: the cores.")
@click.option(
    "--deadline", type=click.FloatRange(min=0, min_open=True), default=60.0, show_default=True, metavar="SECONDS"
)
@click.option("--seed", type=int, help="What PYTHONHASHSEED is counted from. Default: by chance.")
@click.option("--coverage", is_flag=True, help="Tell what of the workflow code the histories reach.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML here.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Write a JSON report here.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Write a summary for reviewers here.")
def command(
    paths: tuple[Path, ...],
    *,
    workflows: tuple[str, ...],
    data_converter: str,
    codec: str,
    interceptors: tuple[str, ...],
    passthrough: tuple[str, ...],
    unsandboxed: bool,
    strict: bool,
    allow: Path | None,
    assume_open: bool,
    open_only: bool,
    against: str,
    processes: int,
    deadline: float,
    seed: int | None,
    coverage: bool,
    junit: Path | None,
    json_: Path | None,
    markdown: Path | None,
) -> None:
    """Replay recorded histories; the exit code says whether the code still fits them."""
    signals = Signals()
    root, _ = find_project(Path.cwd())
    policy = ReplayPolicy(
        strict=strict,
        open_only=open_only,
        allowed=() if allow is None else read_allowed(allow),
        today=datetime.now().astimezone().date(),
    )
    found = find(paths, assume_open=assume_open)
    with ExitStack() as stack:
        plan = ReplayPlan(
            code=Code(
                workflows=workflows,
                data_converter=data_converter,
                codec=codec,
                interceptors=interceptors,
                passthrough=passthrough,
                sandboxed=not unsandboxed,
            ),
            path=(str(root),),
            processes=processes,
            deadline=timedelta(seconds=deadline),
            seed=secrets.randbelow(2**32) if seed is None else seed,
            against=(str(stack.enter_context(checked_out(against, root))),) if against else (),
            coverage=Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="harness-"))) if coverage else None,
        )
        summary = replay_session(found, plan, policy, signals=signals, against=against)
    for write, path in ((replay_junit.write, junit), (replay_json.write, json_), (replay_markdown.write, markdown)):
        if path is not None:
            try:
                write(summary, path)
            except OSError as error:
                raise EnvironmentUnavailable(f"the report {path} cannot be written: {error.strerror}.") from error
    raise SystemExit(exit_code(summary.verdict))
