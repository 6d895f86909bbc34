"""An order is charged but not answered, and comes again; another is refused: the first is charged once."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import AtMostOnce, FirstCalls, FromCall, HttpError, LostReply, Outcome, Recorded, Window
from scenarios.circuit_breaker import all_well
from scenarios.circuit_breaker.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(waves=[*all_well.orders(1, 1), *all_well.orders(2)]),
    faults=[
        LostReply(on=Payments.charge, when=FirstCalls(n=1)),
        HttpError(on=Payments.charge, status=400, when=Window(opens=FromCall(n=3), closes=FromCall(n=4))),
    ],
    expects=[
        Outcome(result={"total": 3, "successful": 1, "failed": 2, "rejected": 0}),
        Recorded(
            event="ActivityTaskFailed",
            having={"failure": {"applicationFailureInfo": {"type": "ServiceUnavailable"}}},
            count=1,
        ),
        AtMostOnce(of=Payments.charge, per="order"),
        all_well.TRACE,
    ],
    claims=(),
)
