"""The run times out while the customer is notified of a decline: the next run notifies under the same key."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.notifications import Notifications
from harness import AtMostOnce, LiveRun, Outcome, Recorded, Server, StartOptions
from scenarios.classification import all_well
from scenarios.classification.declined import DECLINED


async def drive(run: LiveRun) -> None:
    """Hold the notice until the first run has timed out, and the second one is sending it, too."""
    async with run.holding_each((Notifications.send, 1), (Notifications.send, 2)):
        pass


scenario = replace(
    all_well.scenario,
    server=Server(),
    start=StartOptions(
        run_timeout=timedelta(seconds=2), retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20))
    ),
    faults=[DECLINED],
    drive=drive,
    expects=[
        Outcome(result={"success": False, "reason": "insufficient_funds", "notified": True}),
        AtMostOnce(of=Notifications.send, per="about"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
