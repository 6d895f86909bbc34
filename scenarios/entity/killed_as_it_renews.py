"""The worker is killed as a run ends, and again as the next begins, with 200 postings in flight: none is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.accounts import Accounts
from harness import (
    AtMostOnce,
    AtPoint,
    Kill,
    LiveRun,
    NoItemLost,
    Outcome,
    Phase,
    Recorded,
    StartOptions,
    WorkerProcesses,
)
from scenarios.entity import all_well
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import Renewal

POSTINGS = [Posting(number=number, cents=1) for number in range(200)]
PER_RUN = 25

# A run's first workflow task schedules its first posting, so that the one after its last posting continues as new. Not
# in the first run, which has more tasks, since the postings come meanwhile.
AS_IT_ENDS = AtPoint(phase=Phase.WORKFLOW_TASK, number=PER_RUN + 1, nth=2)
AS_IT_BEGINS = AtPoint(phase=Phase.WORKFLOW_TASK, number=1, nth=3)


async def drive(run: LiveRun) -> None:
    """Have all of them in flight before the first one is made."""
    await all_well.send(run, POSTINGS)


scenario = replace(
    all_well.scenario,
    given=replace(
        all_well.ACCOUNT,
        renewal=Renewal(after_postings=PER_RUN, when_suggested=False),
        # For as long as the others are being sent, the first is held.
        answer_within=timedelta(minutes=1),
    ),
    workers=WorkerProcesses(),
    # A task that its worker took along is noticed by its timeout; below that, a busy machine loses others, too.
    start=StartOptions(task_timeout=timedelta(seconds=3)),
    deadline=timedelta(minutes=2),
    faults=[Kill(when=AS_IT_ENDS), Kill(when=AS_IT_BEGINS)],
    drive=drive,
    expects=[
        Outcome(result={"balance": 200, "posted": 200, "pending": []}),
        replace(all_well.CARRIED, in_order=True),
        NoItemLost(of=Accounts.post, per="number", items=range(200)),
        AtMostOnce(of=Accounts.post, per="number"),
        Recorded(event="WorkflowExecutionContinuedAsNew", count=200 // PER_RUN),
        Recorded(event="WorkflowTaskTimedOut"),
    ],
    claims=["CON-004"],
)
