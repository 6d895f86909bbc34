"""The payment is taken, the goods are set aside, and both are answered too late: they are refunded and released."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.inventory import Inventory
from fakes.payments import Payments
from harness import AtMostOnce, LateReply, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.parallel import all_well

scenario = replace(
    all_well.scenario,
    # A request really takes what it takes: its limit is scaled 20 times.
    given=replace(
        all_well.scenario.given,
        patience=replace(all_well.IMPATIENT, answer_within=timedelta(seconds=1), attempts=2),
    ),
    drive=None,
    # A caller that waits for longer than it may gets its answer.
    faults=[
        LateReply(on=Payments.charge, patience=timedelta(seconds=3)),
        LateReply(on=Inventory.reserve, patience=timedelta(seconds=3)),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity",)),
        # The caller gave up by itself.
        Recorded(event="ActivityTaskTimedOut", count=0),
        AtMostOnce(of=Payments.charge, per="order"),
        AtMostOnce(of=Inventory.reserve, per="order"),
        NoOrphans(),
        NothingAfterClose(),
    ],
    claims=(),
)
