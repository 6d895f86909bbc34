"""The queue is down for longer than guides would try: the letter is written once it is back, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AtPoint, AtStart, FirstCalls, HttpError, Outage, Outcome, Phase, RetrySchedule, Window
from scenarios.dead_letters import all_well, service_down

# 5, 10, 20, 40, 80, 160 and 320 s: more than ten minutes, skipped.
FOR_SEVEN_WRITES = Window(
    opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="write_dead_letter", attempt=8)
)

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=8)),
        Outage(on=DeadLetters, when=FOR_SEVEN_WRITES),
    ],
    expects=[
        Outcome(result={"successful": 2, "failed": 2, "dlq_count": 2, "failures": [0, 1]}),
        service_down.DEAD,
        RetrySchedule(activity="write_dead_letter", initial=timedelta(seconds=5), late=timedelta(seconds=3)),
        all_well.ACCOUNTED_FOR,
    ],
    claims=["DLQ-007"],
)
