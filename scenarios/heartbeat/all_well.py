"""Nothing fails: every item is processed once, in one attempt."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.items import Items
from harness import Application, Attempts, NoItemLost, NothingAfterClose, Outcome, Recorded, Scenario
from scenarios.heartbeat.activities import batch_activities
from scenarios.heartbeat.workflow import Batch, Patience, ProcessBatch

# Production's policy scaled down: the heartbeat timeout 10 times to 3 s, and with it the throttle to 2.4 s (below that
# a busy machine loses attempts that nobody meant to lose); the wait before a retry 50 times.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=1.5),
    silent_within=timedelta(seconds=3),
    attempt_within=timedelta(seconds=30),
    first_wait=timedelta(milliseconds=20),
)

ITEMS = 20

scenario = Scenario(
    application=Application(
        workflows=[ProcessBatch], activities=batch_activities, data_converter=pydantic_data_converter
    ),
    workflow=ProcessBatch.run,
    given=Batch(items=ITEMS, patience=IMPATIENT),
    uses=[Items],
    expects=[
        Outcome(result={"processed": ITEMS, "resumed_from": 0}),
        Attempts(of=Items.process, count=ITEMS),
        NoItemLost(of=Items.process, per="item", items=range(ITEMS)),
        Recorded(event="ActivityTaskScheduled", having={"retryPolicy": {"initialInterval": "0.020s"}}, count=1),
        NothingAfterClose(),
    ],
)
