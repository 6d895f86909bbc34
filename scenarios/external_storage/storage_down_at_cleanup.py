"""The storage cannot delete for a while: the result waits for that, and nothing is left."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, FirstCalls, HttpError, Outcome
from scenarios.external_storage import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Objects.delete, status=503, when=FirstCalls(n=3))],
    expects=[Outcome(result=all_well.DONE), Attempts(of=Objects.delete, count=4), all_well.NO_ORPHANS],
    claims=["EXT-006"],
)
