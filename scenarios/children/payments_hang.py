"""The payment service hangs: the caller waits no longer than it said, and the order is charged and shipped once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import EffectsInOrder, FirstCalls, LateReply, Outcome, Recorded
from scenarios.children import order_by_itself
from scenarios.children.workflow import Order, Patience

scenario = replace(
    order_by_itself.scenario,
    given=Order(
        id="A",
        cents=4_200,
        patience=Patience(answer_within=timedelta(seconds=1), first_wait=timedelta(milliseconds=20)),
    ),
    drive=None,
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Payments.charge, patience=timedelta(seconds=4), when=FirstCalls(n=1))],
    expects=[
        Outcome(result={"success": True}),
        EffectsInOrder(operations=[Payments.charge, Carrier.ship]),
        # The caller gave up by itself: the attempt was not cut off.
        Recorded(event="ActivityTaskStarted", having={"attempt": 2}, count=1),
        # Its own first wait, and not the one that Temporal has by default.
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=2),
    ],
    claims=(),
)
