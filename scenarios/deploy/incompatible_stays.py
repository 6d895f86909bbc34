"""Incompatible code stops the open run for as long as it is deployed: it neither fails nor completes."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import (
    Deploy,
    EffectsInOrder,
    LiveRun,
    OnEvent,
    Outcome,
    Status,
    StuckTask,
    WorkerProcesses,
    WorkflowTaskStuck,
)
from scenarios.deploy import all_well, incompatible_is_rolled_back
from scenarios.deploy.versions import incompatible


async def drive(run: LiveRun) -> None:
    """Give up on the run once its task has failed in silence, too; only what is open can be terminated."""
    await incompatible_is_rolled_back.drive(run)
    await run.told(WorkflowTaskStuck, cause="UNREPORTED")
    await run.handle.terminate()


scenario = replace(
    all_well.scenario,
    workers=WorkerProcesses(),
    drive=drive,
    faults=[Deploy(application=all_well.version(incompatible.SendInvoice), when=OnEvent(type="ActivityTaskCompleted"))],
    expects=[
        StuckTask(cause="NON_DETERMINISTIC_ERROR", heals=False),
        Outcome(status=Status.TERMINATED),
        EffectsInOrder(operations=[Bookkeeping.post]),
    ],
    claims=["DET-005", "ERR-007"],
)
