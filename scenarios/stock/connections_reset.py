"""The connections of the first two attempts are reset by Redis: the order tries again, and its units are taken once."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.redis import Redis
from harness import Application, AtPoint, AtStart, Outcome, Phase, Reset, Scenario, Window
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
    faults=[Reset(on=Redis, when=FOR_TWO_ATTEMPTS)],
    expects=[Outcome(result=3)],
)
