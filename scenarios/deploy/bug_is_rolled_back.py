"""A bug in the new code stops the run, and after the roll-back it completes: nothing that was done is done again."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import Attempts, Deploy, EffectsInOrder, OnEvent, Outcome, StuckTask, Window, WorkerProcesses
from scenarios.deploy import all_well, incompatible_is_rolled_back
from scenarios.deploy.versions import buggy

scenario = replace(
    all_well.scenario,
    workers=WorkerProcesses(),
    drive=incompatible_is_rolled_back.drive,
    faults=[
        Deploy(
            application=all_well.version(buggy.SendInvoice),
            when=Window(opens=OnEvent(type="ActivityTaskCompleted"), closes=OnEvent(type="WorkflowTaskFailed")),
        )
    ],
    expects=[
        StuckTask(cause="WORKFLOW_WORKER_UNHANDLED_FAILURE", text="no printer for 2026-117"),
        Outcome(result=["posted", "printed"]),
        EffectsInOrder(operations=[Bookkeeping.post, Bookkeeping.print]),
        Attempts(of=Bookkeeping.post, count=1),
    ],
    claims=["ERR-006", "ERR-008"],
)
