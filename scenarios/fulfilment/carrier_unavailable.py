"""The carrier is unavailable: since attempts are limited, the order fails, and all of it is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.carrier import Carrier
from harness import (
    Attempts,
    Clock,
    CompensatedInReverse,
    EffectsInOrder,
    HttpError,
    NoOrphans,
    Outcome,
    Recorded,
    Server,
    StartOptions,
    Status,
)
from scenarios.fulfilment import all_well, shipment_refused
from scenarios.fulfilment.workflow import PRODUCTION

# Production's limits and policy as they are, skipped; and no order may take longer than an hour.
scenario = replace(
    all_well.scenario,
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(execution_timeout=timedelta(hours=1)),
    given=(all_well.ORDER, PRODUCTION),
    faults=[HttpError(on=Carrier.ship, status=503)],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application ServiceUnavailable")),
        Attempts(of=Carrier.ship, count=3),
        Attempts(of=Carrier.call_back, count=1),
        EffectsInOrder(operations=shipment_refused.UNDONE),
        *(
            Recorded(
                event="ActivityTaskScheduled",
                having={
                    "activityType": {"name": name},
                    "startToCloseTimeout": within,
                    "retryPolicy": {"initialInterval": wait, "backoffCoefficient": 2.0, "maximumAttempts": attempts},
                },
                count=1,
            )
            for name, within, wait, attempts in (
                ("reserve", "30s", "1s", 3),
                ("charge", "30s", "1s", 3),
                ("ship", "300s", "1s", 3),
                ("call_back", "30s", "2s", 5),
                ("refund", "30s", "2s", 5),
                ("release", "30s", "2s", 5),
            )
        ),
        CompensatedInReverse(),
        NoOrphans(),
    ],
    claims=["CMP-004"],
)
