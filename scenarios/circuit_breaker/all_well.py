"""Nothing fails: every order is charged once, and the breaker never changes."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.payments import Payments
from harness import Application, Attempts, BreakerTrace, Clock, NoItemLost, Outcome, Recorded, Scenario, Server
from scenarios.circuit_breaker.activities import charge_activities
from scenarios.circuit_breaker.workflow import Batch, ChargeOrders, Wave


def orders(*numbers: int, after: timedelta = timedelta(0)) -> list[Wave]:
    """Orders that come one after the other, the first of them after a while."""
    return [
        Wave(orders=[f"o{number}"], after=after if position == 0 else timedelta(0))
        for position, number in enumerate(numbers)
    ]


def opened_at_once(said: str) -> Outcome:
    """Of two orders, the first fails with this error and opens the breaker, which rejects the second."""
    rejected = "CircuitBreakerOpen: Circuit breaker is OPEN (failures: 1)"
    results = [
        {"order": "o1", "status": "failed", "said": said},
        {"order": "o2", "status": "rejected", "said": rejected},
    ]
    return Outcome(result={"failed": 1, "rejected": 1, "results": results})


TRACE = BreakerTrace(of=Payments.charge, activity="charge")

# Production's settings as they are: 5 failures, 60 s, 2 successes. Where a scenario waits, it is skipped.
scenario = Scenario(
    application=Application(
        workflows=[ChargeOrders], activities=charge_activities, data_converter=pydantic_data_converter
    ),
    workflow=ChargeOrders.run,
    given=Batch(waves=orders(1, 2, 3)),
    uses=[Payments],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result={"total": 3, "successful": 3, "failed": 0, "rejected": 0}),
        Attempts(of=Payments.charge, count=3),
        NoItemLost(of=Payments.charge, per="order", items=["o1", "o2", "o3"]),
        NoItemLost(of=Payments.charge, per="cents", items=[100]),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {"maximumAttempts": 1},
            },
            count=3,
        ),
        TRACE,
    ],
)
