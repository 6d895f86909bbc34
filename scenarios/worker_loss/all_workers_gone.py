"""For a while there is no worker at all: the order waits, and is placed when one is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import AtMostOnce, EffectsInOrder, Kill, Outcome
from scenarios.worker_loss import all_well, killed_after_charge

scenario = replace(
    all_well.scenario,
    # Longer than it takes to notice that the worker is lost.
    faults=[Kill(gone_for=timedelta(seconds=2.5), when=killed_after_charge.AFTER_CHARGE)],
    expects=[
        Outcome(result={"success": True}),
        AtMostOnce(of=Payments.charge, per="order"),
        EffectsInOrder(operations=[Payments.charge, Parcels.book]),
    ],
    claims=["SAGA-011"],
)
