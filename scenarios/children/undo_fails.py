"""A shipment is refused and cannot be called back either: the charge is refunded all the same."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, Outcome
from scenarios.children import all_well
from scenarios.children.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(orders=all_well.ORDERS[:1]),
    faults=[HttpError(on=Carrier.ship, status=400), HttpError(on=Carrier.call_back, status=500)],
    expects=[
        Outcome(result={"failed": [{"order": "A", "error": "/shipments answered 400", "root_cause": "Refused"}]}),
        Attempts(of=Carrier.call_back, count=3),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
    ],
    claims=(),
)
