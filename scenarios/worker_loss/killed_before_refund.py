"""The worker is killed as it learns that it must compensate: another one knows what to undo."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import AtPoint, Attempts, EffectsInOrder, HttpError, Kill, NoOrphans, Outcome, Phase
from scenarios.worker_loss import all_well

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(on=Parcels.book, status=409, body={"error": "the parcel is too heavy"}),
        Kill(when=AtPoint(phase=Phase.BEFORE_BODY, activity="refund", attempt=1)),
    ],
    expects=[
        Outcome(
            result={"success": False, "error": 'Declined: /bookings answered 409: {"error":"the parcel is too heavy"}'}
        ),
        Attempts(of=Parcels.book, count=1),
        Attempts(of=Payments.refund, count=1),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        NoOrphans(),
    ],
    claims=["SAGA-011"],
)
