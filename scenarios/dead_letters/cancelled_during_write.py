"""The batch is cancelled while the queue is down: the letter is written all the same, and then it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import (
    AtPoint,
    AtStart,
    Attempts,
    Contents,
    FirstCalls,
    HttpError,
    LiveRun,
    Outage,
    Outcome,
    Phase,
    Status,
    Window,
)
from scenarios.dead_letters import all_well


async def drive(run: LiveRun) -> None:
    """Cancel once the letter is being written: after three tries, the fourth activity."""
    await run.until("ActivityTaskScheduled", nth=4)
    await run.handle.cancel()


# The queue is down for far more writes than the cancellation takes to arrive, and comes back for none that would not be
# made after it.
FOR_FOURTEEN_WRITES = Window(
    opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="write_dead_letter", attempt=15)
)

scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=3)),
        Outage(on=DeadLetters, when=FOR_FOURTEEN_WRITES),
    ],
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Items.process, count=3),
        Contents(of=DeadLetters, per="item", values=[0]),
        all_well.ACCOUNTED_FOR,
    ],
)
