"""The storage deletes nothing: the result comes all the same, and says what is left behind."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, HttpError, Outcome
from scenarios.external_storage import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Objects.delete, status=503)],
    expects=[
        Outcome(result={name: all_well.DONE[name] for name in ("records", "cents")}),
        Attempts(of=Objects.delete, count=5),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-006"],
)
