"""Nothing fails: three orders are placed, one after the other."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Application, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario
from scenarios.children.activities import order_activities
from scenarios.children.workflow import Batch, Order, Patience, PlaceOrder, PlaceOrders

# Production's policy scaled down in its waits; a workflow's retry waits a second all the same.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=10),
    attempt_within=timedelta(seconds=15),
    first_wait=timedelta(milliseconds=20),
    next_run=timedelta(milliseconds=20),
)

ORDERS = [Order(id=one, cents=4_200, patience=IMPATIENT) for one in ("A", "B", "C")]

scenario = Scenario(
    application=Application(
        workflows=[PlaceOrders, PlaceOrder], activities=order_activities, data_converter=pydantic_data_converter
    ),
    workflow=PlaceOrders.run,
    given=Batch(orders=ORDERS),
    uses=[Payments, Carrier],
    expects=[
        Outcome(result={"successful_count": 3, "failed_count": 0, "successful": ["A", "B", "C"], "failed": []}),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship] * 3),
        NoItemLost(of=Payments.charge, per="order", items=["A", "B", "C"]),
        NoItemLost(of=Payments.charge, per="cents", items=[4_200]),
        NoItemLost(of=Carrier.ship, per="order", items=["A", "B", "C"]),
        Recorded(event="ChildWorkflowExecutionCompleted", count=3),
    ],
    claims=["CHD-002"],
)
