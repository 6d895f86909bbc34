"""Nothing fails: 2,500 readings are 25 chunks, mapped ten at a time, and reduced once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.readings import Readings
from harness import Application, Attempts, ConcurrencyKept, Outcome, Recorded, Scenario
from scenarios.map_reduce.activities import sum_activities
from scenarios.map_reduce.workflow import Job, MapReduce, Patience

# Production's policy scaled down in its waits.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=10),
    map_within=timedelta(seconds=15),
    reduce_within=timedelta(seconds=15),
    first_wait=timedelta(milliseconds=20),
)

JOB = Job(dataset="meters", count=2500, map_activity="sum_chunk", reduce_activity="sum_up", patience=IMPATIENT)

# Production's sizes and limits.
scenario = Scenario(
    application=Application(workflows=[MapReduce], activities=sum_activities, data_converter=pydantic_data_converter),
    workflow=MapReduce.run,
    given=replace(JOB, patience=Patience()),
    uses=[Readings],
    expects=[
        Outcome(result={"total": 3_123_750, "count": 2500, "average": 1249.5}),
        Attempts(of=Readings.load, count=25),
        ConcurrencyKept(of=Readings.load, limit=10),
        *(
            Recorded(
                event="ActivityTaskScheduled",
                having={
                    "activityType": {"name": name},
                    "scheduleToCloseTimeout": "0s",
                    "startToCloseTimeout": within,
                    "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumAttempts": 3},
                },
                count=count,
            )
            for name, within, count in (("sum_chunk", "300s", 25), ("sum_up", "600s", 1))
        ),
        # Ten of them by the first workflow task, the others when one has ended.
        Recorded(event="ActivityTaskScheduled", having={"workflowTaskCompletedEventId": "4"}, count=10),
        Recorded(event="ActivityTaskScheduled", count=26),
    ],
    claims=["MRD-001"],
)
