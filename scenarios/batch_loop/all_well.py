"""Nothing fails: a run ends after a hundred batches, and the next run continues after the last of them."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.items import Items
from harness import (
    Application,
    AtMostOnce,
    Attempts,
    Clock,
    HistoryBounded,
    NoItemLost,
    Outcome,
    Recorded,
    Scenario,
    Server,
)
from scenarios.batch_loop.activities import loop_activities
from scenarios.batch_loop.workflow import FREQUENCY, Loop, ProcessForEver

BATCHES = 102

# Production's values as they are: a hundred batches a run, pauses of five minutes, skipped.
scenario = Scenario(
    application=Application(
        workflows=[ProcessForEver], activities=loop_activities, data_converter=pydantic_data_converter
    ),
    workflow=ProcessForEver.run,
    given=Loop(renewal=FREQUENCY, ends_after=BATCHES),
    uses=[Items],
    server=Server(clock=Clock.SKIPPING),
    # Three hundred workflow tasks, one after the other, can take a busy machine more than the usual minute.
    deadline=timedelta(minutes=3),
    expects=[
        Outcome(result={"done": BATCHES, "run": 2, "renewed": {"batches": 1}}),
        Attempts(of=Items.process, count=BATCHES),
        NoItemLost(of=Items.process, per="item", items=range(BATCHES)),
        AtMostOnce(of=Items.process, per="item"),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "20s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=BATCHES,
        ),
        # None behind the batch that ends a run.
        Recorded(event="TimerStarted", having={"startToFireTimeout": "300s"}, count=BATCHES - 1),
        # Six for a batch and its two tasks, six for a pause with its task and its skip.
        HistoryBounded(events=1200),
    ],
    claims=["CON-012"],
)
