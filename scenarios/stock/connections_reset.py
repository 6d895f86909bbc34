"""The units are taken and the answer is lost as the connection is reset: the order tries again and takes them once."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.redis import Redis
from harness import Application, AtPoint, AtStart, Outcome, Phase, Recorded, Reset, Scenario, Window
from scenarios.stock.activities import stock_activities
from scenarios.stock.workflow import Order, TakeFromStock

FOR_TWO_ATTEMPTS = Window(opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="take", attempt=3))

scenario = Scenario(
    application=Application(
        workflows=[TakeFromStock], activities=stock_activities, data_converter=pydantic_data_converter
    ),
    workflow=TakeFromStock.run,
    # Production's first wait scaled down from 1 s.
    given=Order(item="umbrella", units=3, first_wait=timedelta(milliseconds=50)),
    uses=[Redis],
    # The worker is connected by then, so the first attempt's answer is the first thing that the fault swallows.
    faults=[Reset(on=Redis, when=FOR_TWO_ATTEMPTS)],
    expects=[
        Outcome(result=3),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=1),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {"initialInterval": "0.050s", "backoffCoefficient": 2.0, "maximumAttempts": 20},
            },
            count=1,
        ),
    ],
)
