"""Nobody listens at payments: tried for half an hour, and then the request fails, with what was behind it."""

from __future__ import annotations

from dataclasses import replace

from fakes.payments import Payments
from harness import Attempts, Clock, Outage, Outcome, Server, Status
from scenarios.approval import all_well
from scenarios.approval.payment_refused import approve_as_it_is_asked

scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    drive=approve_as_it_is_asked,
    faults=[Outage(on=Payments)],
    expects=[
        Outcome(
            status=Status.FAILED,
            failure=("activity", "application ServiceUnavailable", "application ConnectError"),
        ),
        Attempts(of=Payments.charge, count=0),
    ],
    claims=(),
)
