"""The charge is declined: asked once, refunded all the same, and nothing is shipped."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, Outcome
from scenarios.worker_loss import all_well

scenario = replace(
    all_well.scenario,
    workers=None,
    faults=[HttpError(on=Payments.charge, status=402, body={"error": "card_expired"})],
    expects=[
        Outcome(
            result={"success": False, "error": 'Declined: /charges answered 402: {"error":"card_expired"}'},
        ),
        Attempts(of=Payments.charge, count=1),
        # Nobody can know whether it went through.
        Attempts(of=Payments.refund, count=1),
        Attempts(of=Parcels.book, count=0),
        EffectsInOrder(operations=[]),
    ],
)
