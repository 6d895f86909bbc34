"""One item cannot be processed: it is reported as given up, and the others are processed as usual."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, FromCall, HttpError, Outcome, Window
from scenarios.checkpoints import all_well
from scenarios.checkpoints.all_well import ITEMS, told

POISONED = 7

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(
            on=Items.process,
            status=500,
            when=Window(opens=FromCall(n=POISONED + 1), closes=FromCall(n=POISONED + 4)),
        )
    ],
    expects=[
        Outcome(result={"processed": 12, "failed": 1, "checkpoints": 3}),
        told((ITEMS[:5], []), ([5, 6, 8, 9], [POISONED]), (ITEMS[10:], [])),
        Attempts(of=Items.process, count=12 + 3),
    ],
    claims=["INC-003"],
)
