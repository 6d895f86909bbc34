"""`harness run`: runs scenarios by name."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from harness.catalog import Entry, scenario_places
from harness.commands._complete import scenario_names
from harness.commands._json import json_written
from harness.commands._options import needs, with_options
from harness.commands._paths import FILE
from harness.commands._reports import further_reports, with_further_reports
from harness.commands._types import Seconds
from harness.errors import UsageError
from harness.explore.crash_everywhere import Spot
from harness.extras import Extra
from harness.files.printable import say
from harness.processes.interrupts import Signals
from harness.reports.session.json import DecidedJson, JsonReport, SessionJson
from harness.reports.session.junit import JunitReport
from harness.reports.session.sarif import SarifReport
from harness.reports.text import plural
from harness.results import Report
from harness.run.hold import Hold, HoldPoint
from harness.sessions.crash_session import run_with_crashes
from harness.sessions.faultless_session import run_without_faults
from harness.sessions.run_session import catalog_here, run_session
from harness.settings import find_project

LONGEST_TASK = timedelta(minutes=2)
"""The longest workflow task timeout that Temporal allows."""


@click.command("run")
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=scenario_names)
@click.option(
    "--times", type=click.IntRange(min=1), default=1, help="Run each scenario N times.", metavar="N", show_default=True
)
@click.option("--watch/--no-watch", default=None, help="Print every event. Default: on a terminal, for a single run.")
@click.option(
    "--crash-everywhere", is_flag=True, help="Re-run once per history event, killing the worker at that event."
)
@click.option(
    "--crash-at", metavar="EVENT", multiple=True, help="Crash at this event only, such as 17 or run-2/17; repeatable."
)
@click.option("--budget", type=Seconds(min=0), metavar="SECONDS", help="Start no further run after this time.")
@click.option(
    "--hold",
    is_flag=True,
    help="After the verdict, keep servers, fakes and proxies running until Ctrl-C; print their addresses.",
)
@click.option("--hold-at", metavar="POINT", help="Hold the run at this failpoint, such as before_body:book_flight.")
@click.option("--without-faults", is_flag=True, help="Run without the faults; fail for each scenario that passes.")
@click.option("--ui", is_flag=True, help="Also start Temporal's web UI; with --hold, open it.")
@click.option("--junit", type=FILE, help="Also write JUnit XML to this file.")
@json_written(SessionJson | DecidedJson, "report", "Also write the JSON report to this file.")
@click.option("--sarif", type=FILE, help="Also write the findings as SARIF to this file.")
@with_further_reports
@with_options
@needs(Extra.SERVER)
def command(
    names: tuple[str, ...],
    *,
    times: int,
    watch: bool | None,
    crash_everywhere: bool,
    crash_at: tuple[str, ...],
    budget: float | None,
    hold: bool,
    hold_at: str | None,
    without_faults: bool,
    ui: bool,
    junit: Path | None,
    json_: Path | None,
    sarif: Path | None,
    further: tuple[tuple[str, Path], ...],
    **options: Any,
) -> None:
    """Run scenarios by name; names may be globs such as 'saga/*'."""
    signals = Signals()
    others = further_reports(further)
    if crash_everywhere or crash_at:
        given = {"--times": times > 1, "--watch": watch, "--hold": hold, "--hold-at": hold_at, "--ui": ui}
        beside = [option for option, there in given.items() if there]
        _refuse_beside_crashes(beside, everywhere=crash_everywhere, at=crash_at)
    if without_faults:
        _refuse_without_faults({"--junit": junit, "--json": json_, "--sarif": sarif, "--report": others or None})
    entries = catalog_here(names).select(names)
    options["further"] = [*_reports(junit=junit, json_=json_, sarif=sarif), *others]
    limit = None if budget is None else timedelta(seconds=budget)
    holding = _hold(entries, times=times, at=hold_at, ui=ui) if hold or hold_at else None
    if holding is not None:
        entries = [_with_time(entry) for entry in entries]
    if crash_everywhere or crash_at:
        _crash(entries, only=_spots(crash_at), budget=limit, signals=signals, **options)
    if without_faults:
        _without_faults(entries, budget=limit, signals=signals, **options)
    alone = len(entries) == 1 and times == 1 and sys.stdout.isatty()
    watching = alone if watch is None else watch
    ended = run_session(
        entries,
        signals=signals,
        times=times,
        watch=watching,
        budget=limit,
        hold=holding,
        ui=ui,
        command="run",
        **options,
    )
    raise SystemExit(ended.verdict.exit_code)


def _refuse_beside_crashes(given: Sequence[str], *, everywhere: bool, at: Sequence[str]) -> None:
    problems = []
    if everywhere and at:
        problems.append("--crash-at crashes at these events only, --crash-everywhere at every one; leave one out.")
    if given:
        crash = "--crash-everywhere" if everywhere else "--crash-at"
        problems.append(f"{', '.join(given)} cannot be combined with {crash}; leave one out.")
    if problems:
        raise UsageError(*problems)


def _refuse_without_faults(files: Mapping[str, object]) -> None:
    given = [option for option, file in files.items() if file is not None]
    if given:
        raise UsageError(
            f"--without-faults says only which scenarios pass, and writes no report; omit {', '.join(given)}."
        )


def _reports(*, junit: Path | None, json_: Path | None, sarif: Path | None) -> list[Report]:
    """Return the reports that are written besides those in the session's folder."""
    root, settings = find_project(Path.cwd())
    return [
        *([JunitReport(junit)] if junit else []),
        *([JsonReport(json_)] if json_ else []),
        *([SarifReport(sarif, scenarios=scenario_places(root, settings), project=root)] if sarif else []),
    ]


def _hold(entries: Sequence[Entry], *, times: int, at: str | None, ui: bool) -> Hold:
    """Return what holds the only run."""
    if len(entries) > 1 or times > 1:
        raise UsageError(f"--hold takes one run, got {len(entries) * times}; name one scenario and omit --times.")

    def show(line: str) -> None:
        say(line)
        if ui and line.startswith("web UI"):
            click.launch(line.rsplit(maxsplit=1)[-1])

    return Hold(say=show, at=None if at is None else HoldPoint.of(at))


def _with_time(entry: Entry) -> Entry:
    """The same scenario without its deadline, so that a person has time. The application's timeouts stay."""
    # A workflow task that is held is lost for the server after its timeout, and counts as stuck when that is repeated.
    start = replace(entry.scenario.start, task_timeout=LONGEST_TASK)
    return replace(entry, scenario=replace(entry.scenario, deadline=timedelta(days=1), start=start))


def _spots(words: Sequence[str]) -> list[Spot]:
    """Read the events to crash at; all invalid ones are reported at once."""
    spots: list[Spot] = []
    problems: list[str] = []
    for word in words:
        try:
            spots.append(Spot.of(word))
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(*problems)
    return spots


def _without_faults(entries: Sequence[Entry], **options: Any) -> NoReturn:
    """Run the scenarios without their faults, say which pass all the same, and exit with the verdict."""
    if not any(one.scenario.faults for one in entries):
        raise UsageError("none of these scenarios has faults, so there is nothing to run without.")
    found = run_without_faults(entries, **options)
    for name in found.passed:
        say(f"{name} passes without its faults; expect what they must change, such as an attempt or a call more.")
    say(f"{len(found.passed)} of {plural(len(found.ended.results), 'scenario')} passed without faults")
    raise SystemExit(found.verdict.exit_code)


def _crash(entries: Sequence[Entry], **options: Any) -> NoReturn:
    """Run the scenarios with crashes, and exit with the verdict."""
    crashed = run_with_crashes(entries, **options)
    if crashed.planned is not None:
        say(f"crashed at {len(crashed.ended.results)} of {crashed.planned} events")
    elif not crashed.ended.interrupted:
        say("Nothing was crashed: first every scenario has to pass without a crash.")
    raise SystemExit(crashed.verdict.exit_code)
