"""Nobody can read what was done before: nothing is processed on a guess, and the batch fails with the reason."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from fakes.objects import Objects
from harness import Attempts, HttpError, Outcome, Status
from scenarios.checkpoints import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Objects.get, status=503)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ClientError")),
        Attempts(of=Objects.get, count=5),
        Attempts(of=Items.process, count=0),
    ],
    claims=(),
)
