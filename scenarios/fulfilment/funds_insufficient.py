"""The customer cannot pay: asked for once, the goods are released, and the result says why; nothing to refund."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, NoOrphans, Outcome
from scenarios.fulfilment import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Payments.charge, status=402)],
    expects=[
        Outcome(result={"success": False, "tracking": "", "error": "Payment declined: Insufficient funds"}),
        Attempts(of=Payments.charge, count=1),
        Attempts(of=Payments.refund, count=0),
        Attempts(of=Carrier.ship, count=0),
        EffectsInOrder(operations=[Inventory.reserve, Inventory.release]),
        NoOrphans(),
    ],
    claims=["CMP-001"],
)
