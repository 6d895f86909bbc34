"""The price never comes, and the goods are not released at once: three attempts, and undone until it has succeeded."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from fakes.quotes import Quotes
from harness import Attempts, FirstCalls, HttpError, NoOrphans, NothingAfterClose, Outcome, Recorded, Status
from scenarios.parallel import all_well

scenario = replace(
    all_well.scenario,
    drive=None,
    faults=[
        HttpError(on=Quotes.ask, status=503),
        # More failures than a step has attempts.
        HttpError(on=Inventory.release, status=503, when=FirstCalls(n=4)),
    ],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Quotes.ask, count=3),
        Attempts(of=Inventory.release, count=5),
        Attempts(of=Payments.refund, count=1),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "activityType": {"name": "release_inventory"},
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "15s",
                "retryPolicy": {"initialInterval": "0.020s", "backoffCoefficient": 2.0},
            },
            count=1,
        ),
        NoOrphans(),
        NothingAfterClose(),
    ],
)
