"""A roll-back from patched code stops the runs that began under it: only going forward again heals them."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Deploy, EffectsInOrder, OnEvent, Outcome, StuckTask, Window, WorkerProcesses
from scenarios.deploy import all_well, incompatible_is_rolled_back
from scenarios.deploy.versions import patched
from scenarios.deploy.workflow import SendInvoice

scenario = replace(
    all_well.scenario,
    application=all_well.version(patched.SendInvoice),
    workflow=patched.SendInvoice.run,
    workers=WorkerProcesses(),
    drive=incompatible_is_rolled_back.drive,
    faults=[
        Deploy(
            application=all_well.version(SendInvoice),
            when=Window(opens=OnEvent(type="ActivityTaskCompleted", nth=2), closes=OnEvent(type="WorkflowTaskFailed")),
        )
    ],
    expects=[
        StuckTask(cause="NON_DETERMINISTIC_ERROR", text="TMPRL1100"),
        Outcome(result=["printed", "posted"]),
        EffectsInOrder(operations=[Bookkeeping.print, Bookkeeping.post]),
    ],
    claims=["DET-005"],
)
