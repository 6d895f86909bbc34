"""Nothing fails: the order is charged once, at the first call."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Application, Attempts, Clock, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario, Server
from scenarios.classification.activities import order_activities
from scenarios.classification.workflow import Order, SettleOrder

# Production's policies as they are: their waits are skipped.
scenario = Scenario(
    application=Application(
        workflows=[SettleOrder], activities=order_activities, data_converter=pydantic_data_converter
    ),
    workflow=SettleOrder.run,
    given=Order(id="o1"),
    uses=[Payments, Notifications],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        EffectsInOrder(operations=[Payments.charge]),
        Attempts(of=Payments.charge, count=1),
        NoItemLost(of=Payments.charge, per="cents", items=[4200]),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {
                    "initialInterval": "1s",
                    "backoffCoefficient": 2.0,
                    "maximumInterval": "100s",
                    "maximumAttempts": 5,
                    "nonRetryableErrorTypes": ["ValidationError", "AuthenticationError", "PaymentDeclinedError"],
                },
            },
            count=1,
        ),
    ],
)
