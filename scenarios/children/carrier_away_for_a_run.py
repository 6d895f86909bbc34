"""The carrier is away for longer than a step's attempts: all is undone, the run is retried, and the order is placed."""

from __future__ import annotations

from dataclasses import replace

from fakes.carrier import Carrier
from fakes.payments import Payments
from harness import Attempts, EffectsInOrder, FirstCalls, HttpError, Outcome
from scenarios.children import all_well
from scenarios.children.workflow import Batch

scenario = replace(
    all_well.scenario,
    given=Batch(orders=all_well.ORDERS[:1]),
    faults=[HttpError(on=Carrier.ship, when=FirstCalls(n=3))],
    expects=[
        Outcome(result={"successful": ["A"], "failed": []}),
        Attempts(of=Carrier.ship, count=4),
        # Under a key of its own: that of the run before was refunded, and stays so.
        EffectsInOrder(operations=[Payments.charge, Payments.refund, Payments.charge, Carrier.ship]),
    ],
    claims=["CMP-008"],
)
