"""Nothing fails: the goods are reserved, paid and shipped once each, and the customer gets the tracking number."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import Application, Attempts, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario
from scenarios.fulfilment.activities import Order, fulfilment_activities
from scenarios.fulfilment.workflow import FulfilOrder, Patience

# Production's policy scaled down some 50 times in its waits, so that retries cost milliseconds of real time.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=10),
    attempt_within=timedelta(seconds=15),
    ship_within=timedelta(seconds=15),
    first_wait=timedelta(milliseconds=20),
    undo_first_wait=timedelta(milliseconds=40),
)

ORDER = Order(id="1170", items=["lamp", "bulb"], cents=4_200, card="tok-1", address="1 Sea View")

TAKEN = [Inventory.reserve, Payments.charge, Carrier.ship]

scenario = Scenario(
    application=Application(
        workflows=[FulfilOrder], activities=fulfilment_activities, data_converter=pydantic_data_converter
    ),
    workflow=FulfilOrder.run,
    given=(ORDER, IMPATIENT),
    uses=[Inventory, Payments, Carrier],
    expects=[
        Outcome(result={"success": True, "tracking": "tracking_1170", "error": ""}),
        EffectsInOrder(operations=TAKEN),
        Attempts(of=Carrier.ship, count=1),
        # Each attempt has its time, and all of them together as much as they take.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "15s",
                "retryPolicy": {"initialInterval": "0.020s"},
            },
            count=3,
        ),
        NoItemLost(of=Payments.charge, per="cents", items=[ORDER.cents]),
        NoItemLost(of=Payments.charge, per="token", items=[ORDER.card]),
        NoItemLost(of=Carrier.ship, per="address", items=[ORDER.address]),
    ],
    claims=["CMP-003"],
)
