"""Every attempt stores the data but no answer arrives: the workflow fails and deletes the object all the same."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import Attempts, LostReply, Outcome, Status
from scenarios.external_storage import all_well

scenario = replace(
    all_well.scenario,
    faults=[LostReply(on=Objects.put)],
    expects=[
        Outcome(status=Status.FAILED),
        Attempts(of=Objects.put, count=5),
        # The data, and the report that it did not come to.
        Attempts(of=Objects.delete, count=2),
        all_well.NO_ORPHANS,
    ],
    claims=["EXT-002", "EXT-003"],
)
