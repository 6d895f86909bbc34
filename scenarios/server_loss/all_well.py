"""The server stays: every entry is moved once, and the summary is printed."""

from __future__ import annotations

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.bookkeeping import Bookkeeping
from harness import Application, AtMostOnce, Attempts, EffectsInOrder, NoItemLost, Outcome, Recorded, Scenario
from scenarios.server_loss.activities import import_activities
from scenarios.server_loss.workflow import Import, ImportMonth

MONTH = Import(month="May")

scenario = Scenario(
    application=Application(
        workflows=[ImportMonth], activities=import_activities, data_converter=pydantic_data_converter
    ),
    workflow=ImportMonth.run,
    given=MONTH,
    uses=[Bookkeeping],
    expects=[
        Outcome(result=5),
        EffectsInOrder(operations=[*[Bookkeeping.post] * 5, Bookkeeping.print]),
        AtMostOnce(of=Bookkeeping.post, per="number"),
        NoItemLost(of=Bookkeeping.post, per="number", items=range(1, 6)),
        NoItemLost(of=Bookkeeping.post, per="month", items=["May"]),
        NoItemLost(of=Bookkeeping.print, per="month", items=["May"]),
        Attempts(of=Bookkeeping.post, count=5),
        Attempts(of=Bookkeeping.print, count=1),
        # Production's waits, for both activities.
        Recorded(
            event="ActivityTaskScheduled",
            having={"retryPolicy": {"initialInterval": "1s", "backoffCoefficient": 2.0, "maximumInterval": "100s"}},
            count=2,
        ),
    ],
)
