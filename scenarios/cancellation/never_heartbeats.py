"""An activity that does not heartbeat does not learn that it was cancelled: it does all of its work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import Attempts, LiveRun, NothingAfterClose, Outcome
from scenarios.cancellation import all_well, too_slow
from scenarios.cancellation._silent import silent_activities


async def drive(run: LiveRun) -> None:
    """See that the request to cancel was made."""
    await run.until("ActivityTaskCancelRequested")


scenario = replace(
    all_well.scenario,
    application=replace(all_well.scenario.application, activities=silent_activities),
    given=replace(
        all_well.OPERATION,
        limit=timedelta(seconds=0.5),
        # Else it would run into its heartbeat timeout.
        patience=replace(all_well.IMPATIENT, silent_within=timedelta(seconds=30)),
    ),
    faults=[too_slow.SLOW],
    drive=drive,
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        Attempts(of=Items.process, count=4),
        Attempts(of=Items.discard, count=0),
        NothingAfterClose(),
    ],
    claims=["CAN-001"],
)
