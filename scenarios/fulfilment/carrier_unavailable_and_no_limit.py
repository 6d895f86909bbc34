"""Without a limit on attempts a step is retried indefinitely: its compensation is never reached, nothing is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, NoOrphans, Outcome, Recorded, Status
from scenarios.fulfilment import all_well, carrier_unavailable
from scenarios.fulfilment.workflow import PRODUCTION


async def drive(run: LiveRun) -> None:
    """Give up on the order at the twentieth attempt, 22 minutes after the first: only what is open can be."""
    async with run.holding(Carrier.ship, nth=20):
        await run.handle.terminate()


# Without a timeout of the workflow either: that would limit the activity's time in all, and so its attempts (DEF-002).
scenario = replace(
    carrier_unavailable.scenario,
    start=replace(carrier_unavailable.scenario.start, execution_timeout=None),
    given=(all_well.ORDER, replace(PRODUCTION, attempts=0)),
    drive=drive,
    expects=[
        Outcome(status=Status.TERMINATED),
        Recorded(event="ActivityTaskFailed", count=0),
        EffectsInOrder(operations=[Inventory.reserve, Payments.charge]),
        NoOrphans(but=[Inventory.reserve, Payments.charge]),
    ],
    claims=["CMP-004"],
)
