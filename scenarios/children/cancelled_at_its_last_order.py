"""The client cancels the batch while its last order is placed: that is no failed order, and the batch is Canceled."""

from __future__ import annotations

from dataclasses import replace

from harness import NoOrphans, NothingAfterClose, Outcome, Status
from scenarios.children import all_well, cancelled
from scenarios.children.workflow import Batch

scenario = replace(
    cancelled.scenario,
    given=Batch(orders=all_well.ORDERS[:1]),
    expects=[Outcome(status=Status.CANCELED), NoOrphans(), NothingAfterClose()],
    claims=(),
)
