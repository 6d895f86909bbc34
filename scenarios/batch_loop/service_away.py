"""The service is away for most of an hour as a run ends: the current batch is made in its run, and only once."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import AtMostOnce, Attempts, FromCall, HttpError, NoItemLost, Outcome, Window
from scenarios.batch_loop import all_well
from scenarios.batch_loop.workflow import FREQUENCY, Loop

PER_RUN = 5
BATCHES = 12
FAILURES = 30

scenario = replace(
    all_well.scenario,
    # Five batches a run instead of a hundred; the waits before further attempts are those of the default policy.
    given=Loop(renewal=replace(FREQUENCY, after_batches=PER_RUN), ends_after=BATCHES),
    faults=[
        HttpError(
            on=Items.process,
            status=503,
            when=Window(opens=FromCall(n=PER_RUN), closes=FromCall(n=PER_RUN + FAILURES)),
        )
    ],
    expects=[
        Outcome(result={"done": BATCHES, "run": 3, "renewed": {"batches": 2}}),
        Attempts(of=Items.process, count=BATCHES + FAILURES),
        NoItemLost(of=Items.process, per="item", items=range(BATCHES)),
        AtMostOnce(of=Items.process, per="item"),
    ],
    claims=(),
)
