"""The worker is killed with children in flight: another replays the window, and every item is processed once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import (
    AtMostOnce,
    AtPoint,
    ChildrenAccountedFor,
    Kill,
    LiveRun,
    Outcome,
    Phase,
    WindowKept,
    WorkerGone,
    WorkerProcesses,
)
from scenarios.fan_out import all_well
from scenarios.fan_out.workflow import Batch

# Attempts that die with their worker are noticed when their time is over, which is scaled to that.
PATIENCE = replace(
    all_well.IMPATIENT, answer_within=timedelta(milliseconds=500), attempt_within=timedelta(seconds=1), attempts=20
)


async def drive(run: LiveRun) -> None:
    """Hold the second item at the service until the worker is gone, which is about to begin with the third."""
    async with run.holding(Items.process, nth=2):
        await run.told(WorkerGone)


scenario = replace(
    all_well.scenario,
    given=Batch(items=list(range(3)), at_once=2, patience=PATIENCE),
    drive=drive,
    workers=WorkerProcesses(),
    faults=[Kill(when=AtPoint(phase=Phase.BEFORE_BODY, activity="process", nth=3))],
    expects=[
        Outcome(result={"total": 3, "successful": 3}),
        ChildrenAccountedFor(of=Items.process, items=range(3)),
        AtMostOnce(of=Items.process, per="item"),
        WindowKept(at_once=2),
    ],
    claims=["CHW-010"],
)
