"""The database fails twice: the third attempt loads the state."""

from __future__ import annotations

from dataclasses import replace

from fakes.datasets import Datasets
from harness import Attempts, FirstCalls, HttpError, Outcome
from scenarios.compression import all_well
from scenarios.compression.workflow import Wanted

scenario = replace(
    all_well.scenario,
    given=Wanted(dataset="sales-20"),
    faults=[HttpError(on=Datasets.fetch, status=503, when=FirstCalls(n=2))],
    expects=[
        Outcome(result={"status": "complete", "records": 20}),
        Attempts(of=Datasets.fetch, count=3),
    ],
    claims=(),
)
