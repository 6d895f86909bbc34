"""`harness mutate`: writes production bugs into the application, and reports those that no scenario notices."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import click

from harness.commands._json import json_written
from harness.commands._options import needs, with_servers
from harness.commands._paths import FILE, GIVEN_PATH, Read, baseline_problems, write_reports
from harness.environment.open import Wishes
from harness.errors import UsageError
from harness.exit_codes import GREEN
from harness.extras import Extra
from harness.files.printable import say
from harness.gate.baseline import load_baseline, save_baseline
from harness.processes.interrupts import Signals
from harness.reports.mutate.json import MutationJson, write_json
from harness.sessions.run_session import new_folder
from harness.settings import duration, find_project


@click.command("mutate")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=Read(reported=True))
@click.option("--tests", multiple=True, type=GIVEN_PATH, help="Also run these pytest files; repeatable.")
@click.option("--budget", metavar="TIME", help="Try no further mutant after this time, such as 90s or 10m.")
@click.option("--diff", "base", metavar="BASE", help="Mutate only the lines that differ from this git revision.")
@click.option("--generic", is_flag=True, help="Also negate conditions, change constants and delete statements.")
@click.option("--only", multiple=True, metavar="TEXT", help="Try only mutants whose name contains this; repeatable.")
@click.option(
    "--baseline",
    type=FILE,
    help="A baseline file: survivors it waives are accepted and do not count. Default: the settings' own.",
)
@click.option("--update-baseline", is_flag=True, help="Accept all current survivors: write them to the baseline.")
@json_written(MutationJson, "mutate")
@click.option("--junit", type=FILE, help="Write the JUnit XML here.")
@click.option("--markdown", type=FILE, help="Write the Markdown summary here.")
@click.option("--seed", type=click.IntRange(min=0), help="Random seed of the runs.")
@click.option(
    "-j", "--concurrency", "jobs", type=click.IntRange(min=1), help="Concurrent mutants. Default: one a core."
)
@with_servers
@needs(Extra.SERVER, Extra.MUTATE)
def command(
    files: tuple[Path, ...],
    *,
    tests: tuple[Path, ...],
    budget: str | None,
    base: str | None,
    generic: bool,
    only: tuple[str, ...],
    baseline: Path | None,
    update_baseline: bool,
    json_: Path | None,
    junit: Path | None,
    markdown: Path | None,
    runs: Path,
    seed: int | None,
    jobs: int | None,
    **servers: Any,
) -> None:
    """Report the production bugs that no scenario would notice.

    FILE is the file of a workflow or of activities. Without one, all that the scenarios run are mutated.
    """
    # Imported here: what they import is not there for everybody.
    from harness.gate.accepted_mutants import accept_all, with_accepted  # noqa: PLC0415
    from harness.mutate.changed_lines import changed_lines  # noqa: PLC0415
    from harness.mutate.mutate_session import CORES, MutateSession  # noqa: PLC0415
    from harness.reports.mutate.junit import write_junit  # noqa: PLC0415
    from harness.reports.mutate.markdown import write_markdown  # noqa: PLC0415
    from harness.reports.mutate.terminal import MutationOnTerminal  # noqa: PLC0415

    root, settings = find_project(Path.cwd())
    if baseline is None and settings.mutation.baseline:
        baseline = root / settings.mutation.baseline
    problems = [*baseline_problems(baseline, update=update_baseline)]
    if problems:
        raise UsageError(*problems)
    if settings.python:
        raise UsageError(
            "mutate changes copies of the project, which run in the harness's own interpreter. Install the harness in "
            "the application's environment, and run it there with settings without `python`."
        )
    waivers = () if baseline is None else load_baseline(baseline)
    today = date.today()  # noqa: DTZ011 - a waiver ends with the day of whoever merges
    signals = Signals()
    terminal = MutationOnTerminal(say)
    session = MutateSession(
        files=[_from_root(one, root) for one in files],
        tests=[_from_root(one, root) for one in tests],
        root=root,
        settings=settings,
        wishes=Wishes(**servers),
        folder=new_folder(runs, "mutate"),
        seed=secrets.randbelow(2**32) if seed is None else seed,
        changed=None if base is None else changed_lines(root, base),
        only=only,
        generic=generic,
        budget=None if budget is None else _budget(budget),
        jobs=jobs or CORES,
        notify=terminal.notify,
        announce=say,
    )
    found = replace(signals.run(session.run()), share=settings.mutation.share)
    mutation = with_accepted(found, waivers, today=today)
    terminal.end(mutation)
    forms = ((write_json, json_), (write_junit, junit), (write_markdown, markdown))
    write_reports((partial(write, mutation), path) for write, path in forms)
    if update_baseline and baseline is not None:
        save_baseline(baseline, accept_all(mutation, waivers, today=today))
        say(f"{baseline}: accepts all current survivors. Give each new waiver a reason and an owner.")
        raise SystemExit(GREEN)
    raise SystemExit(mutation.verdict.exit_code)


def _from_root(file: Path, root: Path) -> Path:
    path = file.resolve()
    if not path.is_relative_to(root.resolve()):
        raise UsageError(f"{file} is not in the project at {root}; name a file of it.")
    return path.relative_to(root.resolve())


def _budget(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"--budget {error}.") from error
