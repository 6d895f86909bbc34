"""As guides print it: three letters are written after the last item, in one batch that knows nothing of itself.

The queue goes down behind the first of them, twice. The third attempt writes all three, and the first is there thrice.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import (
    AtPoint,
    Contents,
    FirstCalls,
    FromCall,
    HttpError,
    Outage,
    Outcome,
    Phase,
    Recorded,
    Window,
    WorkerProcesses,
)
from scenarios.dead_letters import all_well
from scenarios.dead_letters._final_batch import WritesAtTheEnd, final_batch_activities


def behind_the_first_letter(attempt: int) -> Window:
    """From the first letter of an attempt until the next attempt."""
    return Window(
        opens=AtPoint(phase=Phase.HEARTBEAT, activity="write_to_dlq", attempt=attempt, number=1),
        closes=AtPoint(phase=Phase.BEFORE_BODY, activity="write_to_dlq", attempt=attempt + 1),
    )


# Items 0 and 1 take the calls 1 to 6, item 2 the seventh, item 3 the last three. A worker of another process, since one
# of this process does not stop at heartbeats.
scenario = replace(
    all_well.scenario,
    application=replace(
        all_well.scenario.application,
        workflows=[WritesAtTheEnd],
        activities=partial(final_batch_activities, **all_well.FOR_ANYBODY),
    ),
    workflow=WritesAtTheEnd.run,
    workers=WorkerProcesses(count=1),
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=6)),
        HttpError(on=Items.process, status=500, when=FromCall(n=8)),
        Outage(on=DeadLetters, when=behind_the_first_letter(1)),
        Outage(on=DeadLetters, when=behind_the_first_letter(2)),
    ],
    expects=[
        Outcome(result={"successful": 1, "failed": 3, "dlq_count": 3, "results": {"2": "b/2"}, "failures": [0, 1, 3]}),
        Recorded(event="ActivityTaskScheduled", having={"activityType": {"name": "write_to_dlq"}}, count=1),
        Recorded(event="ActivityTaskScheduled", count=11),
        Contents(of=DeadLetters, per="item", values=[0, 0, 0, 1, 3]),
    ],
    claims=["DLQ-004", "DLQ-006"],
)
