"""As guides print it: the queue is down for the five attempts, and letters and results are lost with the workflow."""

from __future__ import annotations

from dataclasses import replace

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from harness import AtStart, Contents, FirstCalls, HttpError, OnEvent, Outage, Outcome, Status, Window
from scenarios.dead_letters import batch_at_the_end

UNTIL_IT_FAILS = Window(opens=AtStart(), closes=OnEvent(type="WorkflowExecutionFailed"))

scenario = replace(
    batch_at_the_end.scenario,
    workers=None,
    faults=[
        HttpError(on=Items.process, status=500, when=FirstCalls(n=3)),
        Outage(on=DeadLetters, when=UNTIL_IT_FAILS),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application EndpointConnectionError")),
        Contents(of=DeadLetters, values=[]),
    ],
    claims=["DLQ-007"],
)
