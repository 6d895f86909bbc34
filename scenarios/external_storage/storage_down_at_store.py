"""The storage is down for two attempts to store the data: the third stores them, and all goes on."""

from __future__ import annotations

from dataclasses import replace

from fakes.objects import Objects
from harness import AtPoint, AtStart, Attempts, Outage, Outcome, Phase, Recorded, Window
from scenarios.external_storage import all_well

FOR_TWO_ATTEMPTS = Window(
    opens=AtStart(), closes=AtPoint(phase=Phase.BEFORE_BODY, activity="load_and_store", attempt=3)
)

scenario = replace(
    all_well.scenario,
    faults=[Outage(on=Objects, when=FOR_TWO_ATTEMPTS)],
    expects=[
        Outcome(result=all_well.DONE),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=1),
        Attempts(of=Objects.put, count=2),
        all_well.NO_ORPHANS,
    ],
    claims=(),
)
