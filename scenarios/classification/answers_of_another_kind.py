"""The charge is made, and answered with JSON that holds no charge: that is no answer, asked for again and made once."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import AtMostOnce, Attempts, FirstCalls, FromCall, GarbledBody, Outcome, Recorded, Status
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        GarbledBody(on=Payments.charge, raw=b"{}", when=FirstCalls(n=4)),
        GarbledBody(on=Payments.charge, raw=b"[]", when=FromCall(n=5)),
    ],
    expects=[
        Outcome(
            status=Status.FAILED,
            failure=("activity", "application UnreadableAnswer", "application TypeError"),
        ),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 5, "lastFailure": {"applicationFailureInfo": {"type": "UnreadableAnswer"}}},
            count=1,
        ),
        Attempts(of=Payments.charge, count=5),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
    claims=(),
)
