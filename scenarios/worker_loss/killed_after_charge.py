"""The worker is killed after the charge, before the workflow gets the answer: charged again by its key, paid once."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import AtMostOnce, AtPoint, Attempts, EffectsInOrder, Kill, Outcome, Phase
from scenarios.worker_loss import all_well

AFTER_CHARGE = AtPoint(phase=Phase.AFTER_BODY, activity="charge", attempt=1)

scenario = replace(
    all_well.scenario,
    faults=[Kill(when=AFTER_CHARGE)],
    expects=[
        Outcome(result={"success": True}),
        Attempts(of=Payments.charge, count=2),
        AtMostOnce(of=Payments.charge, per="order"),
        EffectsInOrder(operations=[Payments.charge, Parcels.book]),
    ],
    claims=["SAGA-007", "TMO-001"],
)
