"""The payment service hangs: the caller waits no longer than it said, and the order is charged and shipped once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import EffectsInOrder, LiveRun, Outcome, Recorded
from harness.events import CallReceived
from scenarios.children import order_by_itself
from scenarios.children.workflow import Order, Patience


async def drive(run: LiveRun) -> None:
    """Hold the first call until there is another one."""
    async with run.holding(Payments.charge):
        await run.told(CallReceived, call=f"{Payments.charge}#2")


scenario = replace(
    order_by_itself.scenario,
    given=Order(id="A", cents=4_200, patience=Patience(answer_within=timedelta(seconds=2))),
    drive=drive,
    faults=(),
    expects=[
        Outcome(result={"success": True}),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship]),
        # The caller gave up by itself: no attempt went on until it was cut off.
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}}},
            count=0,
        ),
    ],
    claims=(),
)
