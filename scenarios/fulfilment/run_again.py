"""The carrier is unavailable for the first run: it is undone, and a retried run does all of it under new keys."""

from __future__ import annotations

from dataclasses import replace

from temporalio.common import RetryPolicy

from fakes.carrier import Carrier
from harness import Attempts, Clock, EffectsInOrder, FirstCalls, HttpError, Outcome, Server, StartOptions
from scenarios.fulfilment import all_well, shipment_refused

scenario = replace(
    all_well.scenario,
    # The wait before the second run is skipped.
    server=Server(clock=Clock.SKIPPING),
    start=StartOptions(retry_policy=RetryPolicy(maximum_attempts=2)),
    faults=[HttpError(on=Carrier.ship, status=503, when=FirstCalls(n=3))],
    expects=[
        Outcome(result={"success": True, "tracking": "tracking_1170", "error": ""}),
        Attempts(of=Carrier.ship, count=4),
        EffectsInOrder(operations=[*shipment_refused.UNDONE, *all_well.TAKEN]),
    ],
    claims=["CMP-008"],
)
