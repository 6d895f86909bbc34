"""The operation takes longer than its limit: it has cleaned up before the workflow says that it was cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import Latency, NoOrphans, NothingAfterClose, Outcome
from scenarios.cancellation import all_well
from scenarios.cancellation.workflow import TOO_SLOW

SLOW = Latency(on=Items, delay=timedelta(seconds=0.4))
CANCELLED = Outcome(result={"success": False, "text": TOO_SLOW})

scenario = replace(
    all_well.scenario,
    given=replace(all_well.OPERATION, size=2000, limit=timedelta(seconds=1)),
    faults=[SLOW],
    expects=[CANCELLED, NoOrphans(), NothingAfterClose()],
    claims=["CAN-003", "CAN-004", "CAN-005", "CAN-006", "CAN-007"],
)
