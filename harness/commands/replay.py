"""`harness replay`: recorded histories against the code as it is now."""

from __future__ import annotations

import secrets
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import click

from harness.commands._json import json_written
from harness.commands._paths import FILE, GIVEN_FILE, GIVEN_PATH, write_reports
from harness.commands._types import Import, Seconds
from harness.errors import UsageError
from harness.extras import Extra, need
from harness.files.temporary_folder import temporary_folder
from harness.gate.replay_session import PROCESSES, replay_session
from harness.processes.interrupts import Signals
from harness.replay.engine.code import Code
from harness.replay.engine.file_replays import ReplayPlan
from harness.replay.histories.folder import find
from harness.replay.revision import checked_out
from harness.replay.verdicts.drift import read_allowed
from harness.replay.verdicts.summary import ReplayPolicy
from harness.reports.replay import json as replay_json
from harness.reports.replay import junit as replay_junit
from harness.reports.replay import markdown as replay_markdown
from harness.reports.replay import sarif as replay_sarif
from harness.settings import find_project
from harness.workers.interpreter import import_path, interpreter_of


@click.command("replay")
@click.argument("paths", nargs=-1, required=True, type=GIVEN_PATH, metavar="PATH...")
@click.option(
    "--workflows",
    multiple=True,
    type=Import(whole=True),
    required=True,
    metavar="MODULE[:CLASS]",
    help="The workflow code. Repeatable.",
)
@click.option("--data-converter", type=Import(), metavar="MODULE:NAME", help="The workers' data converter.")
@click.option("--codec", type=Import(), metavar="MODULE:NAME", help="The workers' payload codec.")
@click.option(
    "--interceptor",
    "interceptors",
    multiple=True,
    type=Import(),
    metavar="MODULE:NAME",
    help="An interceptor of the workers. Repeatable.",
)
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    type=Import(),
    metavar="MODULE:NAME",
    help="A plugin of the workers or of their clients. Repeatable.",
)
@click.option(
    "--failure-type",
    "failure_types",
    multiple=True,
    type=Import(),
    metavar="MODULE:NAME",
    help="An exception that fails a workflow on the workers, and not only its task. Repeatable.",
)
@click.option(
    "--passthrough",
    multiple=True,
    metavar="MODULE",
    help="A module that the workflow sandbox passes through. Repeatable.",
)
@click.option(
    "--unsandboxed",
    is_flag=True,
    help="Replay without the workflow sandbox: faster, but code that it forbids is not noticed.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Fail on every difference to the recorded commands, such as other arguments or timeouts.",
)
@click.option("--allow", type=GIVEN_FILE, metavar="FILE", help="A TOML file of intended differences.")
@click.option("--open", "assume_open", is_flag=True, help="Treat histories without a close event as open runs.")
@click.option("--open-only", is_flag=True, help="Only fail if a run that is still open would break.")
@click.option(
    "--against",
    default="",
    metavar="REV|PATH",
    help="Compare with the commands of this git revision, or of the code in this folder.",
)
@click.option(
    "-j",
    "--processes",
    type=click.IntRange(min=1),
    default=PROCESSES,
    help="Number of processes. Default: the number of cores.",
)
@click.option(
    "--deadline",
    type=Seconds(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long one history may take.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    help="PYTHONHASHSEED of the first process; the next ones count on. Default: random.",
)
@click.option(
    "--python",
    type=click.Path(path_type=Path),
    metavar="PYTHON",
    help="The application's own Python, which needs temporalio. Default: `python` in [tool.harness], else this one.",
)
@click.option("--coverage", is_flag=True, help="Report which workflow code no history reaches.")
@click.option("--junit", type=FILE, help="Write a JUnit XML report to this file.")
@json_written(replay_json.ReplayJson, "replay")
@click.option("--sarif", type=FILE, help="Write the histories that do not pass as SARIF to this file.")
@click.option("--markdown", type=FILE, help="Write a Markdown summary for reviewers to this file.")
def command(
    paths: tuple[Path, ...],
    *,
    workflows: tuple[str, ...],
    data_converter: str | None,
    codec: str | None,
    interceptors: tuple[str, ...],
    plugins: tuple[str, ...],
    failure_types: tuple[str, ...],
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
    python: Path | None,
    coverage: bool,
    junit: Path | None,
    json_: Path | None,
    sarif: Path | None,
    markdown: Path | None,
) -> None:
    """Replay recorded histories against the workflow code.

    The exit code is 1 if a history does not replay, and 4 if none breaks and one cannot be judged.
    """
    if coverage:
        need("harness replay --coverage", Extra.REPORT)
    signals = Signals()
    root, settings = find_project(Path.cwd())
    interpreter = interpreter_of(settings, root, given=python)
    if coverage and interpreter is not None:
        raise UsageError(
            "--coverage measures in the harness's own interpreter only; remove it, or replay without `python`."
        )
    home = interpreter.home if interpreter else root
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
                data_converter=data_converter or "",
                codec=codec or "",
                interceptors=interceptors,
                plugins=plugins,
                failure_types=failure_types,
                passthrough=passthrough,
                sandboxed=not unsandboxed,
            ),
            path=import_path(home, root),
            processes=processes,
            deadline=timedelta(seconds=deadline),
            seed=secrets.randbelow(2**32) if seed is None else seed,
            against=_other(stack.enter_context(checked_out(against, home)), home, root) if against else (),
            interpreter=interpreter,
            revision="" if Path(against).is_dir() else against,
            coverage=stack.enter_context(temporary_folder()) if coverage else None,
        )
        summary = replay_session(found, plan, policy, signals=signals, against=against)
    write_reports(
        (
            (partial(replay_junit.write, summary), junit),
            (partial(replay_json.write, summary), json_),
            (partial(replay_sarif.write, summary, project=root), sarif),
            (partial(replay_markdown.write, summary), markdown),
        )
    )
    raise SystemExit(summary.verdict.exit_code)


def _other(revision: Path, home: Path, root: Path) -> tuple[str, ...]:
    """Return the import path of another revision of the application."""
    return import_path(revision) if home == root else import_path(revision, root)
