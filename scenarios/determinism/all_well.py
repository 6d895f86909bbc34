"""Sixteen lots are drawn, and a replay of the history takes every decision again as it was taken."""

from __future__ import annotations

from fakes.bookkeeping import Bookkeeping
from harness import Application, Outcome, Recorded, ReplaysCleanly, Scenario
from scenarios.determinism.activities import lot_activities
from scenarios.determinism.workflow import DrawLots

LOTS = 16
"""One draw in two would look the same by luck; sixteen of them, once in 65 536 times."""


def version(workflow: type) -> Application:
    """Return the application with this version of its workflow."""
    return Application(workflows=[workflow], activities=lot_activities)


scenario = Scenario(
    application=version(DrawLots),
    workflow=DrawLots.run,
    given=LOTS,
    uses=[Bookkeeping],
    expects=[
        Outcome(),
        Recorded(event="ActivityTaskCompleted", count=LOTS),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"},
            },
            count=LOTS,
        ),
        ReplaysCleanly(),
    ],
    claims=["DET-004"],
)
