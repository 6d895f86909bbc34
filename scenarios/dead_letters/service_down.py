"""The service is down for eight calls: two items are given up after three tries, the third makes it at its last."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import Attempts, Contents, FirstCalls, HttpError, Outcome, Recorded
from scenarios.dead_letters import all_well

# That it is the first two shows that items are processed one by one, waits and all: item 2 is not tried before 12 s
# have gone by.
DEAD = Contents(
    of=DeadLetters,
    per="item",
    values=[0, 1],
    having={"batch": "b", "retry_count": 3, "errors": ["NotProcessed: /items answered 500"] * 3},
)

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Items.process, status=500, when=FirstCalls(n=8))],
    expects=[
        Outcome(
            result={
                "successful": 2,
                "failed": 2,
                "dlq_count": 2,
                "results": {"2": "b/2", "3": "b/3"},
                "failures": [0, 1],
            }
        ),
        Attempts(of=Items.process, count=10),
        DEAD,
        Recorded(event="TimerStarted", having={"startToFireTimeout": "2s"}, count=3),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "4s"}, count=3),
        Recorded(event="TimerStarted", count=6),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "process_item"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"maximumAttempts": 1},
            },
            count=10,
        ),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "write_dead_letter"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "60s",
                "retryPolicy": {"initialInterval": "5s", "backoffCoefficient": 2.0, "maximumInterval": "500s"},
            },
            count=2,
        ),
        all_well.ACCOUNTED_FOR,
    ],
    claims=["DLQ-001", "DLQ-002", "DLQ-003", "DLQ-005", "DLQ-009"],
)
