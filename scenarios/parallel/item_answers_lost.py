"""Items are processed and their answers are lost: they are asked for again, and processed once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FirstCalls, LostReply, NoItemLost, Outcome
from scenarios.parallel import two_fail_at_first

scenario = replace(
    two_fail_at_first.scenario,
    # Two lost answers are what three attempts bear, whichever items they are of.
    faults=[LostReply(on=Items.process, when=FirstCalls(n=2))],
    expects=[
        Outcome(result={"success_rate": 1.0}),
        Attempts(of=Items.process, count=7),
        NoItemLost(of=Items.process, per="item", items=range(5)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
