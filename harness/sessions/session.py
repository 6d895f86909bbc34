"""Runs scenarios concurrently in one environment and notifies the reports."""

from __future__ import annotations

import asyncio
import os
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.catalog import Entry
from harness.environment.open import Environment, Wishes, open_environment
from harness.errors import ungrouped
from harness.events import Event, now
from harness.evidence.schedule_events import MachineBusy
from harness.reports.text import plural
from harness.results import (
    Report,
    Result,
    RunBegan,
    RunEnded,
    RunEvent,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from harness.run.held_up import ALONE, as_second, busy, disturbance
from harness.run.hold import Hold
from harness.run.scenario_run import run_scenario
from harness.sessions.concurrency import ConcurrencyLimit
from harness.sessions.jobs import HEAVY_JOBS, JOBS
from harness.workers.machine import EVERY, Machine

ENOUGH = 10
"""How many runs in a row must have the same verdict alone as on a busy machine until further ones do not run again: it
was not the machine then, and a suite in which much is broken should not take long to say so."""


PACE = 2 * EVERY
"""How often the number of concurrent runs is adapted to the machine, in seconds."""


@dataclass(frozen=True, eq=False)
class _Run:
    entry: Entry
    number: int
    of: int


class Session:
    """Several runs in one environment.

    Args:
        wishes: The servers to use.
        folder: The folder of the session; each run has a folder in it, named after its scenario.
        seed: The base of the runs' seeds, together with the scenarios' names.
        jobs: The maximum number of concurrent runs.
        reports: The reports to notify.
        budget: After this time no further run starts; None for no limit.
        hold: Keeps everything of a run running for inspection.
        command: The command line, for the reports.
    """

    def __init__(
        self,
        *,
        wishes: Wishes,
        folder: Path,
        seed: int,
        jobs: int,
        reports: Sequence[Report],
        budget: timedelta | None = None,
        hold: Hold | None = None,
        command: str = "",
    ) -> None:
        self._wishes = wishes
        self._folder = folder
        self._seed = seed
        self._turns = ConcurrencyLimit(jobs, heavy_jobs=HEAVY_JOBS)
        # Deadlines are meant for the default number of concurrent runs; with more, each run gets less CPU.
        self._share = max(1, jobs / JOBS)
        self._reports = reports
        self._results: list[Result] = []
        self._begun: Counter[str] = Counter()
        self._budget = budget
        self._hold = hold
        self._command = command
        self._since = now()
        self._over_budget: list[str] = []
        self._disturbed: dict[_Run, Result] = {}
        self._confirmed = 0

    @property
    def progress(self) -> str:
        """How far it has come, in a few words."""
        return f"{plural(self._begun.total(), 'run')} begun, {len(self._results)} ended"

    async def run(self, entries: Sequence[Entry], *, times: int = 1) -> SessionEnded:
        """Run each scenario `times` times.

        When the task is cancelled, the running scenarios end, their faults are healed, and the reports get the end of
        an interrupted session; the cancellation is not raised again.

        Raises:
            EnvironmentUnavailable: A server is not available, or the folder cannot be written.
        """
        # In CI, a scenario whose program is missing runs and is red; elsewhere it is skipped and reported.
        skipped = {} if "CI" in os.environ else {one.name: one.scenario.missing for one in entries}
        skipped = {name: missing for name, missing in skipped.items() if missing}
        entries = [entry for entry in entries if entry.name not in skipped]
        ended: SessionEnded | None = None
        try:
            async with open_environment(self._wishes, folder=self._folder, seed=self._seed) as environment:
                ended = await self._all(entries, environment, times=times, skipped=skipped)
        except asyncio.CancelledError:
            if ended is None:
                raise
            # The servers were being stopped, and have stopped now; all results have been reported.
            _this_task().uncancel()
        return ended

    async def _all(
        self,
        entries: Sequence[Entry],
        environment: Environment,
        *,
        times: int,
        skipped: Mapping[str, Sequence[str]],
    ) -> SessionEnded:
        names = [entry.name for entry in entries for _ in range(times)]
        started = SessionStarted(
            at=now(),
            names=tuple(names),
            seed=self._seed,
            folder=self._folder,
            temporal=str(environment.temporal),
            toxiproxy=str(environment.toxiproxy),
            command=self._command,
        )
        self._since = started.at
        self._notify(started)
        interrupted = False
        machine = environment.loop_watch.machine
        begun = machine.now
        pace = asyncio.create_task(self._keep_pace(machine))
        try:
            with ungrouped():
                async with asyncio.TaskGroup() as group:
                    for entry in entries:
                        for number in range(times):
                            group.create_task(self._one(_Run(entry, number, of=times), environment))
            for run in [*self._disturbed]:
                await self._again(run, environment)
                if self._confirmed >= ENOUGH:
                    break
        except asyncio.CancelledError:
            interrupted = True
            _this_task().uncancel()
        finally:
            pace.cancel()
        for first in self._disturbed.values():
            self._end(first)
        taken = machine.taken(begun)
        ended = SessionEnded(
            started=started,
            results=tuple(sorted(self._results, key=lambda result: result.name)),
            not_run=tuple((Counter(names) - self._begun - Counter(self._over_budget)).elements()),
            skipped={name: " ".join(missing) for name, missing in skipped.items()},
            over_budget=tuple(sorted(self._over_budget)),
            interrupted=interrupted,
            took=now() - started.at,
            machine=MachineBusy(seconds=taken.seconds, starved=taken.starved, lasted=taken.lasted),
        )
        self._notify(ended)
        return ended

    async def _keep_pace(self, machine: Machine) -> None:
        """Have fewer runs at once while the machine cannot keep up."""
        while True:
            await asyncio.sleep(PACE)
            if machine.last is not None:
                self._turns.keep_pace(machine.last.loop)

    async def _one(self, run: _Run, environment: Environment) -> None:
        async with self._turns.turn(heavy=run.entry.scenario.heavy):
            if self._is_over_budget():
                self._over_budget.append(run.entry.name)
                return
            self._begun[run.entry.name] += 1
            result = await self._run(run, environment, interrupted=self._end)
            # Whoever looks at a run that is held wants that one.
            if self._hold is None and (disturbance(result) or busy(result)):
                self._disturbed[run] = result
            else:
                self._end(result)

    async def _again(self, run: _Run, environment: Environment) -> None:
        """Run a scenario again that another one has disturbed, now that it is alone."""
        if not self._is_over_budget():
            first = self._disturbed[run]
            result = await self._run(run, environment, interrupted=lambda _: None, again=True)
            del self._disturbed[run]
            self._end(as_second(result, first=first))
            self._confirmed = self._confirmed + 1 if result.verdict is first.verdict and busy(first) else 0

    def _is_over_budget(self) -> bool:
        return self._budget is not None and now() - self._since >= self._budget

    async def _run(
        self, run: _Run, environment: Environment, *, interrupted: Callable[[Result], None], again: bool = False
    ) -> Result:
        entry = run.entry
        self._notify(RunBegan(name=entry.name))

        def listen(event: Event) -> None:
            self._notify(RunEvent(name=entry.name, event=event))

        folder = self._folder / entry.name / (f"{run.number + 1:04}" if run.of > 1 else "")
        seed = self._seed_of(entry.name, run.number)
        return await run_scenario(
            replace(entry.scenario, deadline=entry.scenario.deadline * self._share),
            name=entry.name,
            environment=environment,
            folder=folder / ALONE if again else folder,
            seed=seed,
            repeat=f"harness run {entry.words or entry.name} --seed {seed}{self._wishes.options}",
            listen=listen,
            interrupted=interrupted,
            hold=self._hold,
        )

    def _seed_of(self, name: str, number: int) -> int:
        """The first run of each scenario has the session's own seed; further ones each have one of their own."""
        return self._seed if number == 0 else zlib.crc32(f"{self._seed} {name} {number}".encode())

    def _end(self, result: Result) -> None:
        self._results.append(result)
        self._notify(RunEnded(result=result))

    def _notify(self, event: SessionEvent) -> None:
        for report in self._reports:
            report.notify(event)


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in one
    return task
