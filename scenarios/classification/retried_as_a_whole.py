"""A charge is made but not answered, and its run fails: the next run of the workflow does not charge again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from temporalio.common import RetryPolicy

from fakes.payments import Payments
from harness import AtMostOnce, Attempts, FirstCalls, FromCall, HttpError, LostReply, Outcome, StartOptions, Window
from scenarios.classification import all_well

scenario = replace(
    all_well.scenario,
    start=StartOptions(retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=2)),
    faults=[
        LostReply(on=Payments.charge, when=FirstCalls(n=1)),
        HttpError(on=Payments.charge, status=401, when=Window(opens=FromCall(n=2), closes=FromCall(n=3))),
    ],
    expects=[
        Outcome(result={"success": True, "transaction_id": "charge_o1"}),
        Attempts(of=Payments.charge, count=3),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
    claims=(),
)
