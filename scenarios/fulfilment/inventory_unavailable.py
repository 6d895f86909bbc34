"""The goods cannot be reserved: given up after three attempts, and nothing is paid or shipped."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, Outcome, Status
from scenarios.fulfilment import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Inventory.reserve, status=500)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Inventory.reserve, count=3),
        Attempts(of=Inventory.release, count=1),
        Attempts(of=Payments.charge, count=0),
        Attempts(of=Carrier.ship, count=0),
        EffectsInOrder(operations=[]),
    ],
    claims=["CMP-004"],
)
