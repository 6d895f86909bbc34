"""The data are damaged where they lie: the checksum tells at every attempt, and no wrong result is made of them."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, FlippedBit, Outcome, Status
from scenarios.external_storage import all_well

IN_AN_AMOUNT = len('[{"cents":10')
"""A digit, so that what is damaged can still be read, and added up."""

scenario = replace(
    all_well.scenario,
    faults=[FlippedBit(on=Objects.get, at=IN_AN_AMOUNT)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ChecksumMismatch")),
        Attempts(of=Objects.get, count=5),
        # The data alone: no report was made.
        Attempts(of=Objects.put, count=1),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-002", "EXT-004"],
)
