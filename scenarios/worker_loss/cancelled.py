"""The order is cancelled while it cannot be shipped: the money is given back, and it ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Status
from harness.events import AttemptEnded
from scenarios.worker_loss import all_well


async def drive(run: LiveRun) -> None:
    """Cancel when shipping has failed once; otherwise it would be retried indefinitely."""
    await run.told(AttemptEnded, activity="ship")
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    workers=None,
    faults=[HttpError(on=Parcels.book, status=503)],
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Payments.refund, count=1),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        NoOrphans(),
        NothingAfterClose(),
    ],
)
