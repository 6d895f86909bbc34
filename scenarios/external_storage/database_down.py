"""The database is down: it is asked five times, nothing is stored, and the workflow fails with its answer."""

from __future__ import annotations

from dataclasses import replace

from fakes.datasets import Datasets
from fakes.objects import Objects
from harness import Attempts, HttpError, Outcome, Status
from scenarios.external_storage import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Datasets.fetch, status=503)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application HTTPStatusError")),
        Attempts(of=Datasets.fetch, count=5),
        Attempts(of=Objects.put, count=0),
    ],
    claims=(),
)
