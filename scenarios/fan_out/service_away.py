"""The service is away and then busy: every item is processed, each attempt under the key of its item."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, ChildrenAccountedFor, HttpError, NthCall, Outcome, WindowKept
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

ITEMS = 4

scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(ITEMS)), at_once=2, patience=all_well.IMPATIENT),
    drive=None,
    # Two failures are what three attempts bear, whichever item meets them.
    faults=[
        HttpError(on=Items.process, status=503, when=NthCall(n=1)),
        HttpError(on=Items.process, status=429, when=NthCall(n=2)),
    ],
    expects=[
        Outcome(result={"total": ITEMS, "successful": ITEMS, "failed": 0}),
        Attempts(of=Items.process, count=ITEMS + 2),
        ChildrenAccountedFor(of=Items.process, items=range(ITEMS)),
        AtMostOnce(of=Items.process, per="item"),
        WindowKept(at_once=2),
    ],
    claims=(),
)
