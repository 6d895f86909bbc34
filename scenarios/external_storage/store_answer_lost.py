"""The data are stored but the answer is lost: the next attempt stores the same object, and no second one."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import AtMostOnce, Attempts, FirstCalls, LostReply, Outcome
from scenarios.external_storage import all_well

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on=Objects.put, when=FirstCalls(n=3))],
    expects=[
        Outcome(result=all_well.DONE),
        # Three lost, the data for good, the report.
        Attempts(of=Objects.put, count=5),
        AtMostOnce(of=Objects.put),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-003"],
)
