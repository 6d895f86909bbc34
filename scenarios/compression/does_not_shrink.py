"""The state is too large even compressed: it fails at once and says why, and is not loaded again and again."""

from __future__ import annotations

from dataclasses import replace

from fakes.datasets import Datasets
from harness import Attempts, Outcome, Status
from scenarios.compression import all_well
from scenarios.compression.workflow import Wanted

scenario = replace(
    all_well.scenario,
    # Some 3.1 MB as JSON, a quarter less compressed.
    given=Wanted(dataset="noise-3000"),
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application PayloadsTooLarge")),
        Attempts(of=Datasets.fetch, count=1),
    ],
    claims=["PAY-002"],
)
