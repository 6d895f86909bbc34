"""A process that runs scenarios in a copy of the project until one fails; forked, so that it starts at once."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

from coverage import Coverage

from harness.catalog import Entry, load_catalog
from harness.environment.open import Environment, Wishes, open_environment
from harness.errors import EnvironmentUnavailable, HarnessError, UsageError
from harness.mutate.checks import CannotRun, run_check
from harness.mutate.orders import Ran, TrialOrders, write
from harness.results import Result
from harness.run.held_up import ALONE, disturbance
from harness.run.scenario_run import run_scenario
from harness.settings import find_project
from harness.verdict import Verdict

HEAVY = max(1, (os.cpu_count() or 1) // 2)
"""How many runs with processes of their own are concurrent: other mutants are tried at the same time."""


def main(text: str) -> NoReturn:
    """Carry out the orders and leave without finalizing the interpreter (sdk-python issue 300)."""
    orders = TrialOrders.from_text(text)
    report = Path(orders.report)
    # A signal from the terminal is for the process that ordered this, which ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        _move(orders)
        logging.basicConfig(level=logging.ERROR)
        root, settings = find_project(Path.cwd())
        coverage = _coverage(orders)
        names = list(orders.scenarios)
        # A project may have pytest files only, and no folder of scenarios.
        found = {one.name: one for one in load_catalog(root, settings, names).select(names)} if names else {}
        # In the order given: what is likely to fail comes first.
        entries = [found[name] for name in names]
        asyncio.run(_run(orders, entries, report, coverage))
    except (UsageError, CannotRun) as error:
        # The project cannot be loaded with this bug in it.
        write(report, str(error))
    except EnvironmentUnavailable as error:
        write(report, str(error), unavailable=True)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is reported to the other process
        traceback.print_exc()
        write(report, str(error) if isinstance(error, HarnessError) else f"{type(error).__name__}: {error}")
    write(report, None)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _move(orders: TrialOrders) -> None:
    """Become a process of the copy: its working directory and its import path."""
    os.chdir(orders.copy)
    sys.path[:] = list(dict.fromkeys([orders.copy, *(_moved(one, orders) for one in sys.path)]))
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)


def _moved(entry: str, orders: TrialOrders) -> str:
    path, root = Path(entry or Path.cwd()), Path(orders.root)
    if not path.is_relative_to(root):
        return entry
    moved = Path(orders.copy) / path.relative_to(root)
    # What was not copied, such as a virtual environment, stays where it is.
    return str(moved) if moved.exists() else entry


def _coverage(orders: TrialOrders) -> Coverage | None:
    if not orders.covered:
        return None
    files = [str(Path(orders.copy) / one) for one in orders.covered]
    coverage = Coverage(data_file=None, config_file=False, include=files, messages=False)
    coverage.start()
    return coverage


async def _run(orders: TrialOrders, entries: Sequence[Entry], report: Path, coverage: Coverage | None) -> None:
    failed = bool(entries) and await _run_scenarios(orders, entries, report, coverage)
    for name, argv in orders.checks.items():
        if not failed:
            ran = await run_check(name, argv, within=orders.limits.get(name), folder=Path(orders.folder))
            write(report, ran)
            failed = ran.verdict is Verdict.FAILED and coverage is None


async def _run_scenarios(
    orders: TrialOrders, entries: Sequence[Entry], report: Path, coverage: Coverage | None
) -> bool:
    """Run scenarios, and return whether one failed that was to stop the others."""
    wishes = Wishes(temporal=orders.temporal, namespace=orders.namespace, toxiproxy=orders.toxiproxy)
    folder = Path(orders.folder)
    async with open_environment(wishes, folder=folder, seed=orders.seed, joins=orders.joins) as environment:
        trial = _Trial(orders, environment, report)
        if coverage is None:
            await trial.until_one_fails(entries)
            return trial.failed
        for entry in entries:
            coverage.switch_context(entry.name)
            await trial.run(entry, coverage=coverage)
    return False


class _Trial:
    def __init__(self, orders: TrialOrders, environment: Environment, report: Path) -> None:
        self._orders = orders
        self._environment = environment
        self._report = report
        self._places = asyncio.Semaphore(orders.jobs)
        self._heavy = asyncio.Semaphore(min(orders.jobs, HEAVY))
        self.failed = False

    async def until_one_fails(self, entries: Sequence[Entry]) -> None:
        """Run scenarios, several at a time, and cancel the rest once one has failed."""
        runs = [asyncio.create_task(self._in_turn(entry)) for entry in entries]
        try:
            for ended in asyncio.as_completed(runs):
                await ended
                if self.failed:
                    return
        finally:
            for run in runs:
                run.cancel()
            await asyncio.gather(*runs, return_exceptions=True)

    async def _in_turn(self, entry: Entry) -> None:
        if entry.scenario.heavy:
            async with self._heavy, self._places:
                await self.run(entry)
        else:
            async with self._places:
                await self.run(entry)

    async def run(self, entry: Entry, *, coverage: Coverage | None = None) -> None:
        """Run one scenario and report it; again, if another run has disturbed it."""
        if self.failed:
            return
        began = time.monotonic()
        result = await self._once(entry, "")
        if disturbance(result):
            result = await self._once(entry, ALONE)
        seconds = time.monotonic() - began
        self.failed |= result.verdict is Verdict.FAILED and coverage is None
        lines = None if coverage is None or entry.scenario.workers is not None else self._lines(entry.name, coverage)
        finding = next(iter(result.findings), None) if result.verdict is not Verdict.PASSED else None
        write(
            self._report,
            Ran(
                name=entry.name,
                verdict=result.verdict,
                oracle="" if finding is None else finding.oracle,
                title="" if finding is None else finding.title,
                seconds=round(seconds, 3),
                folder=str(result.folder),
                lines=lines,
            ),
        )

    async def _once(self, entry: Entry, part: str) -> Result:
        scenario = entry.scenario
        within = self._orders.scenarios[entry.name]
        if within is not None:
            scenario = replace(scenario, deadline=min(scenario.deadline, timedelta(seconds=within)))
        return await run_scenario(
            scenario,
            name=entry.name,
            environment=self._environment,
            folder=Path(self._orders.folder) / entry.name / part,
            seed=self._orders.seed,
        )

    def _lines(self, context: str, coverage: Coverage) -> dict[str, list[int]]:
        data = coverage.get_data()
        data.set_query_context(context)
        found = {}
        for one in self._orders.covered:
            lines = data.lines(str(Path(self._orders.copy) / one))
            if lines:
                found[one] = sorted(lines)
        return found
