"""The data are stored, and no attempt can read them again: the workflow fails, and nothing is left of them."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, HttpError, Outcome, Status
from scenarios.external_storage import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Objects.get, status=503)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ClientError")),
        Attempts(of=Objects.get, count=5),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-002"],
)
