"""The payment service hangs: the caller waits no longer than it said, and the order is charged once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.payments import Payments
from harness import AtMostOnce, LiveRun, Outcome, Recorded
from harness.events import CallReceived
from scenarios.classification import all_well
from scenarios.classification.workflow import Order


async def drive(run: LiveRun) -> None:
    """Hold the first call until there is another one."""
    async with run.holding(Payments.charge):
        await run.told(CallReceived, call=f"{Payments.charge}#2")


scenario = replace(
    all_well.scenario,
    given=Order(id="o1", answer_within=timedelta(seconds=2)),
    drive=drive,
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        AtMostOnce(of=Payments.charge, per="order"),
        # The caller gave up by itself: no attempt went on until it was cut off.
        Recorded(
            event="ActivityTaskStarted",
            having={"lastFailure": {"timeoutFailureInfo": {"timeoutType": "TIMEOUT_TYPE_START_TO_CLOSE"}}},
            count=0,
        ),
    ],
    claims=(),
)
