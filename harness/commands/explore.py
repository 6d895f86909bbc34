"""`harness explore`: injects every fault at every call, and reports those that an application does not survive."""

from __future__ import annotations

import shlex
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from harness.commands._complete import target_names
from harness.commands._json import json_written
from harness.commands._options import needs, with_servers
from harness.commands._paths import FILE, FOLDER, baseline_problems, write_reports
from harness.environment.open import Wishes
from harness.errors import UsageError
from harness.exit_codes import GREEN
from harness.explore.backends.shared_worker import JOBS
from harness.explore.explore_session import ExploreSession
from harness.explore.model.schedule import parse
from harness.explore.model.where import Where
from harness.explore.save_scenario import refuse_folder, save_findings
from harness.explore.search.campaign import CampaignPlan
from harness.extras import Extra
from harness.files.kept_output import still_printed
from harness.files.printable import say
from harness.gate.baseline import load_baseline, save_baseline, waive_exploration, with_waivers
from harness.reports.explore.json import ExplorationJson, write_json
from harness.reports.explore.junit import write_junit
from harness.reports.explore.sarif import write_sarif
from harness.settings import duration, find_project

if TYPE_CHECKING:
    from harness.reports.explore.terminal import ExplorationOnTerminal

WIDTH = 160
"""How wide the matrix may be where there is no terminal to say."""


@click.command("explore")
@click.argument("target_", metavar="TARGET", shell_complete=target_names)
@click.option("--input", "inputs", multiple=True, metavar="JSON", help="An argument of MODULE:WORKFLOW.")
@click.option("--faults", type=click.IntRange(min=1), default=1, show_default=True, help="Faults in one schedule.")
@click.option("--budget", metavar="TIME", help="Start no schedule after this time, such as 90s or 2m.")
@click.option(
    "--calls",
    type=click.IntRange(min=1),
    metavar="N",
    help="Inject faults only at the first N calls and the last of each activity and operation.",
)
@click.option("--only", multiple=True, metavar="SCHEDULE", help="Run this schedule, and no others.")
@click.option("--resume", is_flag=True, help="Continue where the last exploration of this target ended.")
@click.option("--real-time", is_flag=True, help="Leave all waits and timeouts as they are.")
@json_written(ExplorationJson, "explore")
@click.option("--junit", type=FILE, help="Write the JUnit XML here.")
@click.option("--sarif", type=FILE, help="Write the findings as SARIF here.")
@click.option(
    "--baseline",
    type=FILE,
    help="A baseline file: findings it waives are reported and do not fail the exploration.",
)
@click.option("--update-baseline", is_flag=True, help="Accept all current findings: write them to the baseline.")
@click.option("--save", type=FOLDER, help="Write each finding as a scenario file there.")
@click.option("--watch", is_flag=True, help="Print each schedule as it is judged.")
@click.option(
    "-j",
    "--concurrency",
    "jobs",
    type=click.IntRange(min=1),
    default=JOBS,
    show_default=True,
    help="Concurrent schedules.",
)
@click.option(
    "--backend",
    "backend",
    type=click.Choice([str(one) for one in Where]),
    default=str(Where.SERVER),
    show_default=True,
    help="Run schedules on a real Temporal server, in simulation, or in simulation first.",
)
@with_servers
@needs(Extra.SERVER)
def command(
    target_: str,
    *,
    inputs: tuple[str, ...],
    faults: int,
    budget: str | None,
    calls: int | None,
    only: tuple[str, ...],
    resume: bool,
    real_time: bool,
    json_: Path | None,
    junit: Path | None,
    sarif: Path | None,
    baseline: Path | None,
    update_baseline: bool,
    save: Path | None,
    runs: Path,
    watch: bool,
    jobs: int,
    backend: str,
    **servers: Any,
) -> None:
    """Find the faults that an application does not survive.

    TARGET is a file that declares `target = Target(...)`, a workflow as MODULE:CLASS, or the name of a scenario.
    """
    root, settings = find_project(Path.cwd())
    if settings.python:
        raise UsageError(ONLY_HERE)
    if save is not None:
        refuse_folder(save, target_, root=root, settings=settings)
    _refuse(resume=resume, only=only, update_baseline=update_baseline, baseline=baseline)
    plan = CampaignPlan(
        faults=faults,
        budget=None if budget is None else _budget(budget),
        calls=calls,
        only=tuple(map(parse, only)),
        real_time=real_time,
    )
    waivers = () if baseline is None else load_baseline(baseline)
    today = date.today()  # noqa: DTZ011 - a waiver ends with the day of whoever merges
    terminal = _terminal(watch=watch)
    wishes = Wishes(**servers, policy_allow=settings.temporal_allow)
    if wishes.elsewhere:
        say(
            f"Temporal server {wishes.temporal} is not on this machine, and is allowed. The workflows of {target_} run "
            "there again and again; faults hit their activities, workers and requests.",
            err=True,
        )
    found = ExploreSession(
        name=target_,
        inputs=inputs,
        plan=plan,
        root=root,
        runs=runs,
        wishes=wishes,
        jobs=jobs,
        where=Where(backend),
        resume=resume,
        notify=terminal.notify,
    ).run()
    exploration = with_waivers(found, waivers, today=today)
    options = [word for one in inputs for word in ("--input", one)]
    repeat = shlex.join(["harness", "explore", target_, *options]) + wishes.options
    terminal.end(exploration, repeat=repeat)

    def save_in(folder: Path) -> None:
        for path, written in save_findings(exploration, folder, root=root, inputs=inputs).items():
            say(f"saved: {path}" if written else f"exists already, not changed: {path}")

    write_reports(
        (
            (partial(write_json, exploration), json_),
            (partial(write_junit, exploration), junit),
            (partial(write_sarif, exploration, project=root, repeat=repeat), sarif),
            (save_in, save),
        )
    )
    if update_baseline and baseline is not None:
        save_baseline(baseline, waive_exploration(exploration, waivers, today=today))
        say(f"{baseline}: waives all current findings. Give each new waiver a reason and an owner.")
        raise SystemExit(GREEN)
    raise SystemExit(exploration.verdict.exit_code)


ONLY_HERE = (
    "explore injects faults inside the application, which it therefore runs in the harness's own interpreter. Install "
    "the harness in the application's environment, and explore there with settings without `python`."
)


def _refuse(*, resume: bool, only: tuple[str, ...], update_baseline: bool, baseline: Path | None) -> None:
    problems = [*baseline_problems(baseline, update=update_baseline)]
    if resume and only:
        problems.append("--resume continues a whole exploration; it cannot be combined with --only.")
    if problems:
        raise UsageError(*problems)


def _terminal(*, watch: bool) -> ExplorationOnTerminal:
    # Here and not at the top: [server] brings what this needs.
    from rich.console import Console  # noqa: PLC0415

    from harness.reports.explore.terminal import ExplorationOnTerminal  # noqa: PLC0415

    # What the application prints meanwhile is kept in a file.
    file = still_printed()
    lines: dict[str, Any] = {} if file.isatty() else {"soft_wrap": True, "width": WIDTH}
    return ExplorationOnTerminal(Console(file=file, highlight=False, **lines), watch=watch)


def _budget(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"--budget {error}.") from error
