"""Crash everywhere: a scenario once more for each event of its history, with the worker killed there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from harness.catalog import Entry
from harness.errors import UsageError
from harness.faults.worker.kill import Kill
from harness.oracles.same_as_without_crash import same_as
from harness.result import Result
from harness.scenario import PerformsItself
from harness.triggers.after_event import AfterEvent
from harness.verdict import Verdict
from harness.worker_processes import WorkerProcesses


def crash_free(entry: Entry) -> Entry:
    """Return the scenario with its worker in a process of its own, which nobody kills yet.

    Raises:
        UsageError: It performs itself, in this process.
    """
    if isinstance(entry.scenario, PerformsItself):
        raise UsageError(f"{entry.name} is a schedule of an exploration; its worker is not killed.")
    return replace(entry, scenario=replace(entry.scenario, workers=entry.scenario.workers or WorkerProcesses()))


def crash_everywhere(entry: Entry, result: Result, *, only: Sequence[int] = ()) -> list[Entry]:
    """Return a scenario for each event of a crash-free run, with the worker killed once it is recorded.

    Every one must end as that run did and leave the outside world as it did. The last event is left out: a worker
    that dies after the end dies in vain.

    Args:
        entry: What `crash_free` returned.
        result: Its run.
        only: The numbers of the events to crash at; none for all.

    Raises:
        UsageError: The run did not pass, so that there is nothing to compare with, or has no such event.
    """
    if result.verdict is not Verdict.PASSED:
        raise UsageError(
            f"{entry.name} is {result.verdict} without any crash; mend that first: {result.findings[0].title}"
        )
    events = result.evidence.histories[0].events[:-1]
    unknown = sorted(set(only) - {event.id for event in events})
    if unknown:
        raise UsageError(f"{entry.name} has the events 1 to {len(events)} to crash at, not {unknown[0]}.")
    expects = [same_as(result.evidence)]
    return [
        replace(
            entry,
            name=f"{entry.name}/crash-at-{event.id:03}",
            words=f"{entry.name} --crash-at {event.id}",
            summary=f"The worker is killed once event {event.id} ({event.type}) is recorded.",
            scenario=replace(
                entry.scenario,
                faults=[*entry.scenario.faults, Kill(when=AfterEvent(id=event.id))],
                expects=expects,
            ),
        )
        for event in events
        if not only or event.id in only
    ]
