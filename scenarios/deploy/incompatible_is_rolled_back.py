"""Incompatible code stops the open run without harm, and it completes once the deployment is rolled back."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import (
    Attempts,
    Deploy,
    EffectsInOrder,
    LiveRun,
    OnEvent,
    Outcome,
    StuckTask,
    Window,
    WorkerGone,
    WorkerProcesses,
)
from scenarios.deploy import all_well
from scenarios.deploy.versions import incompatible
from scenarios.deploy.workflow import SendInvoice


async def drive(run: LiveRun) -> None:
    """Approve the invoice once the worker with the version before has ended, and nobody but the other is left."""
    await run.told(WorkerGone)
    await run.handle.signal(SendInvoice.approve)


scenario = replace(
    all_well.scenario,
    workers=WorkerProcesses(),
    drive=drive,
    faults=[
        Deploy(
            application=all_well.version(incompatible.SendInvoice),
            when=Window(opens=OnEvent(type="ActivityTaskCompleted"), closes=OnEvent(type="WorkflowTaskFailed")),
        )
    ],
    expects=[
        StuckTask(cause="NON_DETERMINISTIC_ERROR", text="TMPRL1100"),
        Outcome(result=["posted", "printed"]),
        EffectsInOrder(operations=[Bookkeeping.post, Bookkeeping.print]),
        Attempts(of=Bookkeeping.post, count=1),
    ],
    claims=["DET-005", "ERR-008"],
)
