"""The run times out while the customer is notified: the next run notifies under the same key, and so once."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import AtMostOnce, LiveRun, Outcome, Recorded
from scenarios.payment import run_again
from scenarios.payment.insufficient_funds import INSUFFICIENT


async def drive(run: LiveRun) -> None:
    """Hold the notice until the first run has timed out, and the second one is sending it, too."""
    async with run.holding_each((Notifications.send, 1), (Notifications.send, 2)):
        pass


scenario = replace(
    run_again.scenario,
    faults=[INSUFFICIENT],
    drive=drive,
    expects=[
        Outcome(result={"success": False, "error": "insufficient_funds"}),
        AtMostOnce(of=Notifications.send, per="about"),
        Recorded(event="WorkflowExecutionTimedOut"),
    ],
    claims=(),
)
