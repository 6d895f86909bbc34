"""Patched code takes over an open run and finishes it as it began."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Deploy, EffectsInOrder, OnEvent, Outcome, Recorded, WorkerProcesses
from scenarios.deploy import all_well, incompatible_is_rolled_back
from scenarios.deploy.versions import patched

scenario = replace(
    all_well.scenario,
    workers=WorkerProcesses(),
    drive=incompatible_is_rolled_back.drive,
    faults=[Deploy(application=all_well.version(patched.SendInvoice), when=OnEvent(type="ActivityTaskCompleted"))],
    expects=[
        Outcome(result=["posted", "printed"]),
        EffectsInOrder(operations=[Bookkeeping.post, Bookkeeping.print]),
        Recorded(event="WorkflowTaskFailed", count=0),
        Recorded(event="MarkerRecorded", count=0),
    ],
    claims=["DET-005"],
)
