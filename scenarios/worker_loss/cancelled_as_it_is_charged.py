"""The order is cancelled as its charge completes, and learns both at once: the money is given back, nothing shipped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import (
    AtPoint,
    Attempts,
    EffectsInOrder,
    Kill,
    LiveRun,
    NoOrphans,
    NothingAfterClose,
    Outcome,
    Phase,
    StartOptions,
    Status,
)
from harness.events import WorkerGone
from scenarios.worker_loss import all_well


async def drive(run: LiveRun) -> None:
    """Cancel when the worker is gone that was about to learn of the charge."""
    await run.told(WorkerGone)
    await run.handle.cancel()


scenario = replace(
    all_well.scenario,
    # How long the server waits for a workflow task that is lost with its worker.
    start=StartOptions(task_timeout=timedelta(seconds=2)),
    faults=[Kill(when=AtPoint(phase=Phase.WORKFLOW_TASK, number=2))],
    drive=drive,
    expects=[
        Outcome(status=Status.CANCELED),
        Attempts(of=Parcels.book, count=0),
        EffectsInOrder(operations=[Payments.charge, Payments.refund]),
        NoOrphans(),
        NothingAfterClose(),
    ],
)
