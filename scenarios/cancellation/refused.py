"""The service refuses the second chunk with 400: it is not asked again, and the workflow fails with the reason."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Attempts, FromCall, HttpError, NothingAfterClose, Outcome, Status, Window
from scenarios.cancellation import all_well

scenario = replace(
    all_well.scenario,
    faults=[HttpError(on=Items.process, status=400, when=Window(opens=FromCall(n=2), closes=FromCall(n=3)))],
    expects=[
        Outcome(status=Status.FAILED, failure=("activity", "application Refused")),
        Attempts(of=Items.process, count=2),
        NothingAfterClose(),
    ],
    claims=(),
)
