"""Nothing fails: every item is processed at its first try, and nothing is written to the queue."""

from __future__ import annotations

from functools import partial
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.dead_letters import DeadLetters
from fakes.items import Items
from fakes.shapes.aws import ANYBODY, REGION
from harness import AccountedFor, Application, Attempts, Clock, Contents, Outcome, Scenario, Server
from scenarios.dead_letters.activities import item_activities
from scenarios.dead_letters.workflow import Batch, ProcessItems

BATCH = Batch(name="b", items=[0, 1, 2, 3])
ACCOUNTED_FOR = AccountedFor(items=BATCH.items, of=Items.process, dead_letters=DeadLetters)

# For a server that takes anybody. In production, boto3 finds credentials and region by itself.
FOR_ANYBODY: dict[str, Any] = {"credentials": ANYBODY, "region": REGION}

# Production's waits as they are: 2 s and 4 s for an item, 5 s and more for a letter. They are skipped.
scenario = Scenario(
    application=Application(
        workflows=[ProcessItems],
        activities=partial(item_activities, **FOR_ANYBODY),
        data_converter=pydantic_data_converter,
    ),
    workflow=ProcessItems.run,
    given=BATCH,
    uses=[Items, DeadLetters],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(
            result={
                "successful": 4,
                "failed": 0,
                "dlq_count": 0,
                "results": {"0": "b/0", "1": "b/1", "2": "b/2", "3": "b/3"},
                "failures": [],
            }
        ),
        Attempts(of=Items.process, count=4),
        Contents(of=DeadLetters, values=[]),
        ACCOUNTED_FOR,
    ],
)
