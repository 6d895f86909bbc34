"""What a worker reports of how it is built."""

from __future__ import annotations

from dataclasses import dataclass

from harness.events import Event


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
