"""Nothing fails: the card is charged once, at the first call."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Application, Attempts, Clock, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario, Server
from scenarios.payment.activities import payment_activities
from scenarios.payment.workflow import Request, TakePayment

# Production's policies as they are: their waits are skipped.
scenario = Scenario(
    application=Application(
        workflows=[TakePayment], activities=payment_activities, data_converter=pydantic_data_converter
    ),
    workflow=TakePayment.run,
    given=Request(order="o1"),
    uses=[Payments, Notifications],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1", "error": None}),
        EffectsInOrder(operations=[Payments.charge]),
        Attempts(of=Payments.charge, count=1),
        NoItemLost(of=Payments.charge, per="cents", items=[4200]),
        NoItemLost(of=Payments.charge, per="token", items=["tok_visa_4242"]),
        # What is asked of the server: a scenario that is over in a second sees no other timeout.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {
                    "initialInterval": "1s",
                    "backoffCoefficient": 2.0,
                    "maximumAttempts": 3,
                    "nonRetryableErrorTypes": ["InsufficientFundsError", "CardDeclinedError"],
                },
            },
            count=1,
        ),
    ],
)
