"""The service fails for two items at first: those are tried again, and no other."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, HttpError, NoItemLost, Outcome
from scenarios.parallel import all_well, one_in_ten_refused
from scenarios.parallel._told import Told
from scenarios.parallel.workflows import items

scenario = replace(
    one_in_ten_refused.scenario,
    given=items.Items(items=list(range(5)), patience=all_well.IMPATIENT),
    # Two failures are what three attempts bear, whichever items meet them.
    faults=[HttpError(on=Items.process, status=503, when=FirstCalls(n=2))],
    expects=[
        Outcome(result={"success_rate": 1.0}),
        # Those that failed at first are done last, and named first.
        Told(done=range(5)),
        Attempts(of=Items.process, count=7),
        NoItemLost(of=Items.process, per="item", items=range(5)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=["PAR-006"],
)
