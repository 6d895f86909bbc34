"""The operation is done within its limit: its text is returned, and nothing is cleaned up."""

from __future__ import annotations

from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.items import Items
from harness import Application, Attempts, NothingAfterClose, Outcome, Scenario
from scenarios.cancellation.activities import operation_activities
from scenarios.cancellation.workflow import CancellableOperation, Operation, Patience

# Production's policy scaled down: the heartbeat timeout 10 times to 3 s, so that a request to cancel is noticed within
# 2.4 s. The SDK leaves a fifth of it for a heartbeat to arrive, which a busy machine needs.
IMPATIENT = Patience(
    answer_within=timedelta(seconds=5),
    silent_within=timedelta(seconds=3),
    attempt_within=timedelta(seconds=30),
    first_wait=timedelta(milliseconds=20),
)

# Three chunks and a half.
OPERATION = Operation(size=350, limit=timedelta(seconds=20), patience=IMPATIENT)

scenario = Scenario(
    application=Application(
        workflows=[CancellableOperation], activities=operation_activities, data_converter=pydantic_data_converter
    ),
    workflow=CancellableOperation.run,
    given=OPERATION,
    uses=[Items],
    expects=[
        Outcome(result={"success": True, "text": "Processed 350 of 350"}),
        Attempts(of=Items.process, count=4),
        Attempts(of=Items.discard, count=0),
        NothingAfterClose(),
    ],
)
