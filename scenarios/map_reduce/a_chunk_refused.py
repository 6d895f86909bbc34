"""The service refuses a chunk while others are being mapped: the workflow fails when those have ended."""

from __future__ import annotations

from dataclasses import replace

from fakes.readings import Readings
from harness import Attempts, FromCall, HttpError, LiveRun, Outcome, Recorded, Status, Window
from scenarios.map_reduce import all_well


async def drive(run: LiveRun) -> None:
    """Serve the first chunk when the workflow has seen that another was refused, and has not ended for that."""
    async with run.holding(Readings.load):
        refused = await run.until("ActivityTaskFailed")
        nth, acted = 1, await run.until("WorkflowTaskCompleted")
        while acted.id < refused.id:
            nth += 1
            acted = await run.until("WorkflowTaskCompleted", nth=nth)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.JOB, count=300),
    drive=drive,
    faults=[
        HttpError(on=Readings.load, status=400, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        # A refusal is not going to pass.
        Attempts(of=Readings.load, count=3),
        Recorded(event="ActivityTaskCompleted", count=2),
        Recorded(event="ActivityTaskScheduled", count=3),
    ],
    claims=(),
)
