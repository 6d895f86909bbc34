"""Nothing fails: the data lie in the storage while they are needed, and only references go through the workflow."""

from __future__ import annotations

from functools import partial
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.datasets import Datasets
from fakes.objects import Objects
from fakes.shapes.aws import ANYBODY, REGION
from harness import (
    Application,
    Attempts,
    Clock,
    EffectsInOrder,
    HistoryBounded,
    NoOrphanObjects,
    Outcome,
    Recorded,
    Scenario,
    Server,
)
from scenarios.external_storage.activities import data_activities
from scenarios.external_storage.workflow import ProcessDataset, Wanted

NO_ORPHANS = NoOrphanObjects(of=Objects)

# For a server that takes anybody. In production, boto3 finds credentials and region by itself.
FOR_ANYBODY: dict[str, Any] = {"credentials": ANYBODY, "region": REGION}

RECORDS = 200
"""More than 200 kB as JSON; the references are some 200 bytes each."""

DONE = {"records": RECORDS, "cents": sum(100 + number % 7 for number in range(RECORDS)), "left_behind": []}

# Production's policies as they are: five attempts, 1 s and more between them. They are skipped.
scenario = Scenario(
    application=Application(
        workflows=[ProcessDataset],
        activities=partial(data_activities, **FOR_ANYBODY),
        data_converter=pydantic_data_converter,
    ),
    workflow=ProcessDataset.run,
    given=Wanted(dataset=f"sales-{RECORDS}"),
    uses=[Datasets, Objects],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result=DONE),
        EffectsInOrder(operations=[Objects.put, Objects.put, Objects.delete]),
        Attempts(of=Objects.get, count=1),
        Recorded(event="ActivityTaskScheduled", count=3),
        *(
            Recorded(
                event="ActivityTaskScheduled",
                having={
                    "activityType": {"name": activity},
                    "scheduleToCloseTimeout": "0s",
                    "startToCloseTimeout": within,
                    "heartbeatTimeout": silent,
                    "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 5},
                },
                count=1,
            )
            for activity, within, silent in (
                ("load_and_store", "600s", "30s"),
                ("process", "1800s", "60s"),
                ("delete", "300s", "0s"),
            )
        ),
        HistoryBounded(events=40, size=8_000),
        NO_ORPHANS,
    ],
    claims=["EXT-001"],
)
