"""What a custom worker reports of how it is built."""

from __future__ import annotations

from dataclasses import dataclass

from harness.events import Event


@dataclass(frozen=True, kw_only=True)
class WorkerBuilt(Event):
    """What a custom worker is built with in the SDK, as it reports.

    Attributes:
        worker: Its name.
        options: What `packed` makes of its `SdkOptions`; "" when they cannot be sent.
        problem: Why they cannot be sent.
    """

    worker: str
    options: str = ""
    problem: str = ""
