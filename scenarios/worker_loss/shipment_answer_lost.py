"""The parcel is booked and the answer is lost: asked again under the same key, it is booked once."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import AtMostOnce, Attempts, EffectsInOrder, FirstCalls, LostReply, Outcome
from scenarios.worker_loss import all_well

scenario = replace(
    all_well.scenario,
    workers=None,
    faults=[LostReply(on=Parcels.book, when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True}),
        Attempts(of=Parcels.book, count=2),
        AtMostOnce(of=Parcels.book, per="trip"),
        EffectsInOrder(operations=[Payments.charge, Parcels.book]),
    ],
    claims=["SAGA-007"],
)
