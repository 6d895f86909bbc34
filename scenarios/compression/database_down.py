"""The database is down: it is asked five times, and then the workflow fails with the database's answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.datasets import Datasets
from harness import Attempts, HttpError, Outcome, RetrySchedule, Status
from scenarios.compression import all_well
from scenarios.compression.workflow import Wanted

scenario = replace(
    all_well.scenario,
    given=Wanted(dataset="sales-20"),
    faults=[HttpError(on=Datasets.fetch, status=503)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application HTTPStatusError")),
        Attempts(of=Datasets.fetch, count=5),
        RetrySchedule(activity="load_large_state", initial=timedelta(seconds=1)),
    ],
    claims=(),
)
