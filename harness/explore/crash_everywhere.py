"""Crash everywhere: a scenario once more for each event of its histories, with the worker killed there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.catalog import Entry
from harness.errors import UsageError
from harness.evidence.history import History, HistoryEvent
from harness.faults.worker.kill import Kill
from harness.oracles.same_as_without_crash import same_as
from harness.results import Result
from harness.run.scenario_run import HasSubject
from harness.triggers.after_event import AfterEvent
from harness.verdict import Verdict
from harness.workers.spec import WorkerProcesses

_SPOT = re.compile(r"(?:run-0*(?P<run>[1-9]\d*)/)?(?:crash-at-)?0*(?P<event>[1-9]\d*)", re.ASCII)


@dataclass(frozen=True, kw_only=True, order=True)
class Spot:
    """An event of one run of the scenario's workflow, to crash at.

    Attributes:
        run: Which run, from 1: continue-as-new and a retry begin another.
        event: The event's number in it, from 1.
    """

    run: int = 1
    event: int

    @classmethod
    def of(cls, text: str) -> Spot:
        """Return the spot that "17", "run-2/3" or a name such as "run-2/crash-at-003" says.

        Raises:
            UsageError: It is none of these.
        """
        said = _SPOT.fullmatch(text)
        if said is None:
            raise UsageError(
                f"{text!r} is not an event to crash at: give its number, such as 17, and for an event of a later run "
                "the run's as well, such as run-2/17."
            )
        return cls(run=int(said["run"] or 1), event=int(said["event"]))

    @property
    def name(self) -> str:
        """What the run that crashes here is called, after the scenario."""
        return f"{self._of_run}crash-at-{self.event:03}"

    def __str__(self) -> str:
        return f"{self._of_run}{self.event}"

    @property
    def _of_run(self) -> str:
        return "" if self.run == 1 else f"run-{self.run}/"


def crash_free(entry: Entry) -> Entry:
    """Return the scenario with its worker in a process of its own, which nobody kills yet.

    Raises:
        UsageError: It is a schedule of an exploration, whose worker is in this process.
    """
    if isinstance(entry.scenario, HasSubject):
        raise UsageError(f"{entry.name} is a schedule of an exploration; its worker cannot be killed.")
    return replace(entry, scenario=replace(entry.scenario, workers=entry.scenario.workers or WorkerProcesses()))


def crash_everywhere(entry: Entry, result: Result, *, only: Sequence[Spot] = ()) -> list[Entry]:
    """Return a scenario for each event of a crash-free run, with the worker killed once it is recorded.

    Those are the events of every run of the scenario's workflow, in a chain by continue-as-new or retry; events of its
    child workflows are none of them. Every one must end as that run did and leave the outside world as it did. The
    chain's last event is left out: a worker that dies after the end dies in vain.

    Args:
        entry: What `crash_free` returned.
        result: Its run.
        only: Where to crash; nothing for everywhere.

    Raises:
        UsageError: The run did not pass, so that there is nothing to compare with, or has no such events; all of them
            at once.
    """
    if result.verdict is not Verdict.PASSED:
        raise UsageError(
            f"{entry.name} is {result.verdict} without any crash; fix that first: {result.findings[0].title}"
        )
    runs = result.evidence.runs
    events = dict(_spots(runs))
    problems = [_unknown(entry.name, spot, runs) for spot in sorted(set(only) - set(events))]
    if problems:
        raise UsageError(*problems)
    expects = [same_as(result.judged or result.evidence)]
    return [
        replace(
            entry,
            name=f"{entry.name}/{spot.name}",
            words=f"{entry.name} --crash-at {spot}",
            summary=f"The worker is killed once event {spot} ({event.type}) is recorded.",
            scenario=replace(
                entry.scenario,
                faults=[*entry.scenario.faults, Kill(when=AfterEvent(id=spot.event, run=spot.run))],
                expects=expects,
            ),
        )
        for spot, event in events.items()
        if not only or spot in only
    ]


def _spots(runs: Sequence[History]) -> Iterator[tuple[Spot, HistoryEvent]]:
    for number, history in enumerate(runs, 1):
        for event in history.events[:-1] if history is runs[-1] else history.events:
            yield Spot(run=number, event=event.id), event


def _unknown(name: str, spot: Spot, runs: Sequence[History]) -> str:
    if not 1 <= spot.run <= len(runs):
        had = "one run" if len(runs) == 1 else f"the runs 1 to {len(runs)}"
        return f"{name} has {had}, so that there is no event {spot} to crash at."
    last = len(runs[spot.run - 1].events) - (spot.run == len(runs))
    of = name if len(runs) == 1 else f"run {spot.run} of {name}"
    return f"{of} has the events 1 to {last} to crash at, not {spot.event}."
