"""A run that begins under patched code goes the new way, and its history says so."""

from __future__ import annotations

from dataclasses import replace

from fakes.bookkeeping import Bookkeeping
from harness import EffectsInOrder, LiveRun, Outcome, Recorded
from scenarios.deploy import all_well
from scenarios.deploy.versions import patched


async def drive(run: LiveRun) -> None:
    """Approve the invoice once it is printed and posted."""
    await run.until("ActivityTaskCompleted", nth=2)
    await run.handle.signal(patched.SendInvoice.approve)


scenario = replace(
    all_well.scenario,
    application=all_well.version(patched.SendInvoice),
    workflow=patched.SendInvoice.run,
    drive=drive,
    expects=[
        Outcome(result=["printed", "posted"]),
        EffectsInOrder(operations=[Bookkeeping.print, Bookkeeping.post]),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "30s",
                "retryPolicy": {"initialInterval": "1s", "maximumInterval": "100s"},
            },
            count=2,
        ),
        Recorded(event="MarkerRecorded", having={"markerName": "core_patch"}, count=1),
    ],
    claims=["DET-004"],
)
