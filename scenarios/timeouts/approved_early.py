"""The approval comes before any worker does: the statement is printed as soon as the entries are posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import AtStart, Drain, LiveRun, OnEvent, Recorded, Window, WorkerProcesses
from scenarios.timeouts import approved_late
from scenarios.timeouts.workflow import CloseMonth


async def drive(run: LiveRun) -> None:
    """Approve what nobody has begun."""
    await run.handle.signal(CloseMonth.approve)


scenario = replace(
    approved_late.scenario,
    workers=WorkerProcesses(),
    faults=[Drain(replaced=False, when=Window(opens=AtStart(), closes=OnEvent(type="WorkflowExecutionSignaled")))],
    drive=drive,
    deadline=timedelta(seconds=30),
    expects=[
        *(one for one in approved_late.scenario.expects if not isinstance(one, Recorded)),
        # The approval is the third event, and the first task begins behind it.
        Recorded(event="WorkflowTaskCompleted", having={"scheduledEventId": "2", "startedEventId": "4"}, count=1),
    ],
)
