"""The money is taken and the answer is lost, every time: it was taken once, and it is given back."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import (
    AtMostOnce,
    Attempts,
    CompensatedInReverse,
    EffectsInOrder,
    LostReply,
    NoOrphans,
    Outcome,
    Status,
)
from scenarios.fulfilment import all_well

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on=Payments.charge)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity",)),
        Attempts(of=Payments.charge, count=3),
        AtMostOnce(of=Payments.charge, per="order"),
        EffectsInOrder(operations=[Inventory.reserve, Payments.charge, Payments.refund, Inventory.release]),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["CMP-007"],
)
