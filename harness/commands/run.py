"""`harness run`: scenarios by name."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NoReturn

import click

from harness import crash
from harness.catalog import Entry
from harness.commands._running import catalog_here, run_session, with_options
from harness.gate import exit_code


@click.command("run")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--times", type=click.IntRange(min=1), default=1, help="Run each so often.")
@click.option(
    "--watch/--no-watch", default=None, help="Show every event. Default: for a single scenario on a terminal."
)
@click.option("--crash-everywhere", is_flag=True, help="Once more for each event, with the worker killed there.")
@click.option("--crash-at", type=click.IntRange(min=1), multiple=True, help="Only for the event of this number.")
@click.option("--budget", type=click.FloatRange(min=0), metavar="SECONDS", help="Begin no run after so long.")
@with_options
def command(
    names: tuple[str, ...],
    *,
    times: int,
    watch: bool | None,
    crash_everywhere: bool,
    crash_at: tuple[int, ...],
    budget: float | None,
    **options: Any,
) -> None:
    """Run scenarios by name; names may be globs such as 'saga/*'."""
    entries = catalog_here().select(names)
    limit = None if budget is None else timedelta(seconds=budget)
    if crash_everywhere or crash_at:
        _crash(entries, only=crash_at, budget=limit, **options)
    alone = len(entries) == 1 and times == 1 and sys.stdout.isatty()
    watching = alone if watch is None else watch
    ended = run_session(entries, times=times, watch=watching, budget=limit, command="run", **options)
    raise SystemExit(exit_code(ended.verdict))


def _crash(entries: Sequence[Entry], *, only: Sequence[int], budget: timedelta | None, **options: Any) -> NoReturn:
    """Run each scenario without a crash, then once more for each event with one, all of them in one session."""
    bases = [crash.crash_free(entry) for entry in entries]
    options["seed"] = secrets.randbelow(2**32) if options["seed"] is None else options["seed"]
    ended = run_session(bases, command="crash-free", **options)
    results = {result.name: result for result in ended.results}
    schedules = [one for base in bases for one in crash.crash_everywhere(base, results[base.name], only=only)]
    ended = run_session(schedules, budget=budget, command="crash", **options)
    click.echo(f"crashed at {len(ended.results)} of {len(schedules)} events")
    raise SystemExit(exit_code(ended.verdict))
