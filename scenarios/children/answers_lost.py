"""The answers of charge and shipment are lost, and the carrier is busy: each order is charged and shipped once."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, FirstCalls, FromCall, HttpError, LostReply, Outcome, Window
from scenarios.children import all_well
from scenarios.children.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(orders=all_well.ORDERS[:2]),
    faults=[
        LostReply(on=Payments.charge, when=FirstCalls(n=1)),
        HttpError(on=Carrier.ship, status=429, when=FirstCalls(n=1)),
        LostReply(on=Carrier.ship, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    expects=[
        Outcome(result={"successful": ["A", "B"], "failed": []}),
        Attempts(of=Payments.charge, count=2 + 1),
        Attempts(of=Carrier.ship, count=2 + 2),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship] * 2),
    ],
    claims=(),
)
