"""One posting is refused for good: it is counted, and the account lives on."""

from __future__ import annotations

from dataclasses import replace

from fakes.accounts import Accounts
from harness import Attempts, FromCall, HttpError, Outcome, Recorded, Window
from scenarios.entity import all_well

REFUSED = 3

scenario = replace(
    all_well.scenario,
    faults=[
        HttpError(
            on=Accounts.post, status=400, when=Window(opens=FromCall(n=REFUSED + 1), closes=FromCall(n=REFUSED + 2))
        )
    ],
    expects=[
        Outcome(
            result={
                "balance": sum(one.cents for one in all_well.POSTINGS if one.number != REFUSED),
                "posted": 11,
                "refused": 1,
                # It counts towards the end of a run, since it is as long in the history as any other.
                "run": 3,
            }
        ),
        all_well.CARRIED,
        Attempts(of=Accounts.post, count=12),
        Recorded(
            event="ActivityTaskFailed", having={"failure": {"applicationFailureInfo": {"type": "Refused"}}}, count=1
        ),
    ],
)
