"""Without an idempotency key, the customer pays twice when a worker is killed after the charge."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, Kill, Outcome
from scenarios.worker_loss import all_well, killed_after_charge
from scenarios.worker_loss._keyless import keyless_activities

scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, activities=keyless_activities),
    faults=[Kill(when=killed_after_charge.AFTER_CHARGE)],
    expects=[
        # It cannot tell: the workflow reports success.
        Outcome(result={"success": True}),
        Attempts(of=Payments.charge, count=2),
        EffectsInOrder(operations=[Payments.charge, Payments.charge, Parcels.book]),
    ],
    claims=["SAGA-007"],
)
