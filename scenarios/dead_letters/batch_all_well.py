"""As guides print it, and nothing fails: no letter, and no activity to write any."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from harness import Contents, Outcome, Recorded
from scenarios.dead_letters import all_well, batch_at_the_end

scenario = replace(
    all_well.scenario,
    application=batch_at_the_end.scenario.application,
    workflow=batch_at_the_end.scenario.workflow,
    expects=[
        Outcome(result={"successful": 4, "failed": 0, "dlq_count": 0}),
        Recorded(event="ActivityTaskScheduled", count=4),
        Contents(of=DeadLetters, values=[]),
    ],
    claims=["DLQ-004"],
)
