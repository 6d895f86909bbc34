"""A letter is written but the answer is lost: the retry finds it in the queue and writes no second one."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AtPoint, AtStart, FirstCalls, HttpError, Outcome, Phase, Reset, Window
from scenarios.dead_letters import all_well, service_down

FOR_TWO_WRITES = Window(
    opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="write_dead_letter", attempt=3)
)

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=8)),
        Reset(on=DeadLetters, when=FOR_TWO_WRITES),
    ],
    expects=[
        Outcome(result={"successful": 2, "failed": 2, "dlq_count": 2, "failures": [0, 1]}),
        service_down.DEAD,
        all_well.ACCOUNTED_FOR,
    ],
    claims=["DLQ-006"],
)
