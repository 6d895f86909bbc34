"""Nobody listens at the service: each item is tried three times, and the batch fails."""

from __future__ import annotations

from dataclasses import replace

from fakes.items import Items
from harness import Outage, Outcome, Recorded, Status
from scenarios.parallel import all_well, one_in_ten_refused
from scenarios.parallel.workflows import items

scenario = replace(
    one_in_ten_refused.scenario,
    given=items.Items(items=list(range(3)), patience=all_well.IMPATIENT),
    faults=[Outage(on=Items)],
    expects=[
        Outcome(status=Status.FAILED, failure=("application BatchFailed",)),
        Recorded(event="ActivityTaskStarted", having={"attempt": 3}, count=3),
        Recorded(event="ActivityTaskFailed", having={"retryState": "RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED"}, count=3),
    ],
    claims=["PAR-006"],
)
