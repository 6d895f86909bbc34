"""There is nothing to process: the batch succeeds, and its share of failures is none."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, Outcome
from scenarios.parallel import one_in_ten_refused
from scenarios.parallel.workflows import items

scenario = replace(
    one_in_ten_refused.scenario,
    given=items.Items(items=[]),
    faults=(),
    expects=[
        Outcome(result={"successful": [], "failed": [], "success_rate": 1.0}),
        Attempts(of=Items.process, count=0),
    ],
    claims=["PAR-007"],
)
