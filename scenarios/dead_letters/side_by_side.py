"""The same eight calls fail, with four items at a time: each waits for itself only, and all are delivered."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import Attempts, Contents, Outcome
from scenarios.dead_letters import all_well, service_down

scenario = replace(
    service_down.scenario,
    given=replace(all_well.BATCH, at_once=4),
    expects=[
        Outcome(result={"successful": 4, "failed": 0, "dlq_count": 0}),
        Attempts(of=Items.process, count=12),
        Contents(of=DeadLetters, values=[]),
        all_well.ACCOUNTED_FOR,
    ],
    claims=["DLQ-009"],
)
