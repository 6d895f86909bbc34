"""Nothing fails: the card is charged once, at the first call."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import Application, Attempts, Clock, EffectsInOrder, Outcome, Scenario, Server
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
    ],
)
