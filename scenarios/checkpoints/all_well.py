"""Nothing fails: each checkpoint reports what was done since the last one, and the end reports the rest."""

from __future__ import annotations

from functools import partial
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.items import Items
from fakes.objects import Objects
from fakes.shapes.aws import ANYBODY, REGION
from harness import Application, AtMostOnce, Attempts, Clock, Contents, NoItemLost, Outcome, Recorded, Scenario, Server
from scenarios.checkpoints.activities import checkpoint_activities
from scenarios.checkpoints.workflow import Batch, ProcessWithCheckpoints

ITEMS = list(range(13))

# For a server that takes anybody. In production, boto3 finds credentials and region by itself.
FOR_ANYBODY: dict[str, Any] = {"credentials": ANYBODY, "region": REGION}


def told(*checkpoints: tuple[list[int], list[int]]) -> Contents:
    """The storage holds these checkpoints: which items were processed, and which given up, since the one before."""
    return Contents(
        of=Objects,
        per="content",
        values=[
            {"number": number, "processed": processed, "failed": failed}
            for number, (processed, failed) in enumerate(checkpoints, start=1)
        ],
    )


EACH_ONCE = (NoItemLost(of=Items.process, per="item", items=ITEMS), AtMostOnce(of=Items.process, per="item"))

# Scaled, 200 times: five items a checkpoint. The policies are production's, and their waits are skipped.
scenario = Scenario(
    application=Application(
        workflows=[ProcessWithCheckpoints],
        activities=partial(checkpoint_activities, **FOR_ANYBODY),
        data_converter=pydantic_data_converter,
    ),
    workflow=ProcessWithCheckpoints.run,
    given=Batch(name="b", items=ITEMS, checkpoint_after=5),
    uses=[Items, Objects],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result={"processed": 13, "failed": 0, "checkpoints": 3}),
        told((ITEMS[:5], []), (ITEMS[5:10], []), (ITEMS[10:], [])),
        Attempts(of=Objects.put, count=3),
        *(
            Recorded(
                event="ActivityTaskScheduled",
                having={
                    "activityType": {"name": activity},
                    "scheduleToCloseTimeout": "0s",
                    "startToCloseTimeout": "30s",
                    "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": attempts},
                },
                count=count,
            )
            for activity, attempts, count in (
                ("process_item", 3, 13),
                ("save_checkpoint", 5, 3),
                ("read_checkpoints", 5, 1),
            )
        ),
        *EACH_ONCE,
    ],
    claims=["INC-001", "INC-002", "INC-003"],
)
