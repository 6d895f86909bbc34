"""Nothing fails: state of more than 2 MiB goes through the history twice, compressed, within the server's own limit."""

from __future__ import annotations

from dataclasses import replace

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.datasets import Datasets
from harness import Application, Attempts, Clock, HistoryBounded, Outcome, Recorded, Scenario, Server
from scenarios.compression._codec import GzipCodec
from scenarios.compression.activities import state_activities
from scenarios.compression.workflow import KeepLargeState, Wanted

RECORDS = 2_200
"""2.3 MB as JSON: more than the 2,097,152 bytes that the server takes."""

DONE = {"status": "complete", "records": RECORDS, "cents": sum(100 + number % 7 for number in range(RECORDS))}

scenario = Scenario(
    application=Application(
        workflows=[KeepLargeState],
        activities=state_activities,
        data_converter=replace(pydantic_data_converter, payload_codec=GzipCodec()),
    ),
    workflow=KeepLargeState.run,
    given=Wanted(dataset=f"sales-{RECORDS}"),
    uses=[Datasets],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(result=DONE),
        Attempts(of=Datasets.fetch, count=1),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "300s",
                "retryPolicy": {
                    "initialInterval": "1s",
                    "backoffCoefficient": 2.0,
                    "maximumAttempts": 5,
                    "nonRetryableErrorTypes": ["PayloadsTooLarge"],
                },
            },
            count=2,
        ),
        # In all, with everything.
        HistoryBounded(size=50_000),
    ],
    claims=["CPR-002"],
)
