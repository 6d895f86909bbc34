"""The run times out while the parcel is being booked: the next run charges and ships nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import AtMostOnce, EffectsInOrder, LiveRun, Outcome, Recorded, StartOptions
from scenarios.worker_loss import all_well


async def drive(run: LiveRun) -> None:
    """Hold the booking until the first run has timed out, and the second one is asking, too."""
    async with run.holding_each((Parcels.book, 1), (Parcels.book, 2)):
        pass


scenario = replace(
    all_well.scenario,
    workers=None,
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    given=replace(
        all_well.scenario.given,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=10), attempt_within=timedelta(seconds=15)),
    ),
    drive=drive,
    expects=[
        Outcome(result={"success": True}),
        AtMostOnce(of=Payments.charge, per="order"),
        AtMostOnce(of=Parcels.book, per="trip"),
        EffectsInOrder(operations=[Payments.charge, Parcels.book]),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=["SAGA-007"],
)
