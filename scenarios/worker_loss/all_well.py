"""No worker is lost: the order is charged once and shipped once."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import Application, Attempts, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario, WorkerProcesses
from scenarios.worker_loss.activities import order_activities
from scenarios.worker_loss.workflow import Order, Patience, PlaceOrder

# Production's policy scaled down: the start_to_close 7.5 times to 2 s, by which a lost worker is noticed; below that a
# busy machine loses attempts that nobody meant to lose.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=1.5),
    attempt_within=timedelta(seconds=2),
    first_wait=timedelta(milliseconds=20),
)

scenario = Scenario(
    application=Application(
        workflows=[PlaceOrder], activities=order_activities, data_converter=pydantic_data_converter
    ),
    workflow=PlaceOrder.run,
    given=Order(cents=4200, patience=IMPATIENT),
    uses=[Payments, Parcels],
    workers=WorkerProcesses(),
    expects=[
        Outcome(result={"success": True, "error": ""}),
        Attempts(of=Payments.charge, count=1),
        EffectsInOrder(operations=[Payments.charge, Parcels.book]),
        NoItemLost(of=Payments.charge, per="cents", items=[4200]),
        # What is asked of the server, for both: tried until it succeeds, and noticed after the attempt's own limit.
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "2s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0},
            },
            count=2,
        ),
    ],
)
