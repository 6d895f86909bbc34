"""The data are damaged on their way back: the checksum tells, and the next attempt reads them whole."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, FirstCalls, FlippedBit, Outcome
from scenarios.external_storage import all_well
from scenarios.external_storage.damaged_at_rest import IN_AN_AMOUNT

scenario = replace(
    all_well.scenario,
    faults=[FlippedBit(on=Objects.get, at=IN_AN_AMOUNT, when=FirstCalls(n=1))],
    expects=[Outcome(result=all_well.DONE), Attempts(of=Objects.get, count=2), all_well.NO_ORPHANS],
    claims=["EXT-004"],
)
