"""A charge is declined, and the notice of it is refused with 400: it is sent once, and the order is settled."""

from __future__ import annotations

from dataclasses import replace

from fakes.notifications import Notifications
from harness import Attempts, HttpError, Outcome
from scenarios.classification import all_well
from scenarios.classification.declined import DECLINED

scenario = replace(
    all_well.scenario,
    faults=[DECLINED, HttpError(on=Notifications.send, status=400)],
    expects=[
        Outcome(result={"success": False, "reason": "insufficient_funds", "notified": False}),
        Attempts(of=Notifications.send, count=1),
    ],
    claims=(),
)
