"""As guides print it: terminated while the second item is tried; of the first, which had failed, nothing is kept."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from harness import Contents, Outcome, Status
from scenarios.dead_letters import batch_at_the_end, terminated

scenario = replace(
    batch_at_the_end.scenario,
    workers=None,
    drive=terminated.drive,
    faults=terminated.scenario.faults,
    expects=[Outcome(status=Status.TERMINATED), Contents(of=DeadLetters, values=[])],
    claims=["DLQ-007"],
)
