"""Nothing fails: none of the three services answers before all three are asked."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.inventory import Inventory
from fakes.payments import Payments
from fakes.quotes import Quotes
from harness import Application, Attempts, LiveRun, NoItemLost, Outcome, Recorded, Scenario
from scenarios.parallel.activities import order_activities
from scenarios.parallel.workflow import Order, Patience, PrepareOrder

# Production's policy scaled down in its waits.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=10),
    attempt_within=timedelta(seconds=15),
    first_wait=timedelta(milliseconds=20),
)


async def drive(run: LiveRun) -> None:
    """Hold each call until all are there: of calls one after the other, the second would never come."""
    async with run.holding_each((Inventory.reserve, 1), (Payments.charge, 1), (Quotes.ask, 1)):
        pass


scenario = Scenario(
    application=Application(
        workflows=[PrepareOrder], activities=order_activities, data_converter=pydantic_data_converter
    ),
    workflow=PrepareOrder.run,
    given=Order(id="o1", cents=4_200, patience=IMPATIENT),
    uses=[Inventory, Payments, Quotes],
    drive=drive,
    expects=[
        Outcome(
            result={
                "inventory_reserved": "reservation_o1",
                "payment_processed": "charge_o1",
                "shipping_cost": "price of shipping o1",
            }
        ),
        Attempts(of=Inventory.reserve, count=1),
        Attempts(of=Payments.charge, count=1),
        Attempts(of=Quotes.ask, count=1),
        NoItemLost(of=Payments.charge, per="cents", items=[4_200]),
        # What is asked of the server for each.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "15s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
            },
            count=3,
        ),
    ],
    claims=["PAR-001"],
)
