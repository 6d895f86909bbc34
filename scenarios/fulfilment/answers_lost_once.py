"""Answers of the first and the last step are lost, and the payment service is busy: each step is done once."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import AtMostOnce, Attempts, EffectsInOrder, FirstCalls, HttpError, LostReply, Outcome
from scenarios.fulfilment import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        LostReply(on=Inventory.reserve, when=FirstCalls(n=2)),
        HttpError(on=Payments.charge, status=429, when=FirstCalls(n=1)),
        LostReply(on=Carrier.ship, when=FirstCalls(n=2)),
    ],
    expects=[
        Outcome(result={"success": True, "tracking": "tracking_1170", "error": ""}),
        Attempts(of=Inventory.reserve, count=3),
        AtMostOnce(of=Inventory.reserve, per="order"),
        Attempts(of=Payments.charge, count=2),
        Attempts(of=Carrier.ship, count=3),
        AtMostOnce(of=Carrier.ship, per="order"),
        EffectsInOrder(operations=all_well.TAKEN),
    ],
    claims=(),
)
