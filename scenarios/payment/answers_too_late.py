"""Every answer comes too late: three calls, 5 and 10 s apart, then failed for good, although the card was charged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.payments import Payments
from harness import (
    Amplification,
    AtMostOnce,
    LateReply,
    Outcome,
    Recorded,
    RetrySchedule,
    StartOptions,
    Status,
)
from scenarios.payment import all_well
from scenarios.payment.workflow import Request

# A request really takes what it takes, so its limit is scaled from 20 s; the waits are production's, skipped.
scenario = replace(
    all_well.scenario,
    given=Request(order="o1", answer_within=timedelta(seconds=1)),
    start=StartOptions(retry_policy=RetryPolicy(maximum_attempts=3)),
    # A caller that waits for longer than it may gets its answer.
    faults=[LateReply(on=Payments.charge, patience=timedelta(seconds=3))],
    expects=[
        Outcome(status=Status.FAILED, failure=("application PaymentFailed", "activity", "application NetworkError")),
        # Counted from the end of an attempt, which takes a second: from its start they would be too short.
        # 15 s and more are never waited: there is no fourth attempt, nor, as the failure is marked, a second run.
        RetrySchedule(
            activity="process_payment",
            initial=timedelta(seconds=1),
            asked={1: timedelta(seconds=5), 2: timedelta(seconds=10)},
        ),
        Recorded(event="WorkflowExecutionFailed", having={"retryState": "RETRY_STATE_NON_RETRYABLE_FAILURE"}, count=1),
        Amplification(of=Payments.charge, per="order", at_most=3),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=1),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
    claims=["RTY-004", "RTY-011", "DEF-005", "EXC-010"],
)
