"""The carrier takes the goods and answers too late, every time: they are called back, and all of it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.carrier import Carrier
from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import AtMostOnce, CompensatedInReverse, EffectsInOrder, LateReply, NoOrphans, Outcome, Recorded, Status
from scenarios.fulfilment import all_well

# A request really takes what it takes: its limit is scaled 20 times.
HURRIED = replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), attempts=2)

scenario = replace(
    all_well.scenario,
    given=(all_well.ORDER, HURRIED),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Carrier.ship, patience=timedelta(seconds=3))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity",)),
        # The caller gave up by itself.
        Recorded(event="ActivityTaskTimedOut", count=0),
        AtMostOnce(of=Carrier.ship, per="order"),
        EffectsInOrder(
            operations=[
                *all_well.TAKEN,
                Carrier.call_back,
                Payments.refund,
                Inventory.release,
            ]
        ),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["CMP-007"],
)
