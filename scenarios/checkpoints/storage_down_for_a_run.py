"""The third checkpoint cannot be saved and the run fails: its retry continues after the second, not from the start."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.items import Items
from fakes.objects import Objects
from harness import Attempts, FromCall, HttpError, Outcome, StartOptions, Window
from scenarios.checkpoints import all_well
from scenarios.checkpoints.all_well import EACH_ONCE, ITEMS, told

scenario = replace(
    all_well.scenario,
    start=StartOptions(retry_policy=RetryPolicy(initial_interval=timedelta(minutes=1), maximum_attempts=2)),
    faults=[HttpError(on=Objects.put, status=503, when=Window(opens=FromCall(n=3), closes=FromCall(n=8)))],
    expects=[
        Outcome(result={"processed": 13, "failed": 0, "checkpoints": 3}),
        told((ITEMS[:5], []), (ITEMS[5:10], []), (ITEMS[10:], [])),
        # The three behind the second checkpoint are asked for again, under the same keys.
        Attempts(of=Items.process, count=13 + 3),
        *EACH_ONCE,
    ],
    claims=["INC-003"],
)
