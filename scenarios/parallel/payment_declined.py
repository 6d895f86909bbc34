"""The payment is declined while the goods are being set aside: they are released again before the order fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import EffectsInOrder, HttpError, LiveRun, NoOrphans, NothingAfterClose, Outcome, Status
from harness.events import AttemptEnded
from scenarios.parallel import all_well


async def drive(run: LiveRun) -> None:
    """Serve the reservation when the payment has failed."""
    async with run.holding(Inventory.reserve):
        await run.told(AttemptEnded, activity="process_payment")


scenario = replace(
    all_well.scenario,
    drive=drive,
    faults=[HttpError(on=Payments.charge, status=402)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        EffectsInOrder(operations=[Inventory.reserve, Inventory.release]),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=["PAR-003"],
)
