"""What a worker reports of how it is built."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.events import Event, WorkerStarted


@dataclass(frozen=True, kw_only=True)
class WorkerBuilt(Event):
    """What a worker is built with in the SDK, as it reports.

    Attributes:
        worker: Its name.
        activities: The types of its activities, "*" for a dynamic one.
        options: What `packed` makes of the `SdkOptions` of a custom worker; "" for another, or if they cannot be sent.
        problem: Why they cannot be sent.
    """

    worker: str
    activities: tuple[str, ...] = ()
    options: str = ""
    problem: str = ""


def built_activities(events: Iterable[Event]) -> frozenset[str] | None:
    """Return the types of all workers' activities; None where a worker has not reported them.

    Args:
        events: Of a run whose workers have started.
    """
    built: dict[str, tuple[str, ...]] = {}
    started: set[str] = set()
    for one in events:
        if isinstance(one, WorkerBuilt):
            built[one.worker] = one.activities
        elif isinstance(one, WorkerStarted):
            started.add(one.worker)
    if not built or not started <= built.keys():
        return None
    return frozenset(name for activities in built.values() for name in activities)
