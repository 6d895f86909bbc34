"""A state that newer code wrote fails the workflow visibly, instead of a first task that is retried indefinitely."""

from __future__ import annotations

from dataclasses import replace

from fakes.accounts import Accounts
from harness import Attempts, Outcome, Recorded, Status
from scenarios.entity import all_well

scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, state={"version": 9, "balance": {"EUR": 1229}, "pending": "in another place"}),
    drive=None,
    expects=[
        Outcome(status=Status.FAILED, failure=("application UnknownStateVersion",)),
        Recorded(event="WorkflowTaskFailed", count=0),
        Attempts(of=Accounts.post, count=0),
    ],
    claims=["CON-013"],
)
