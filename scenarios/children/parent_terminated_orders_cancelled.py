"""REQUEST_CANCEL cancels the order with its batch: it takes back what it took, and ends as Canceled."""

from __future__ import annotations

from dataclasses import replace

from temporalio.workflow import ParentClosePolicy

from harness import NoOrphans, Outcome, Status
from scenarios.children import all_well, parent_terminated
from scenarios.children.workflow import Batch

scenario = replace(
    parent_terminated.scenario,
    given=Batch(orders=all_well.ORDERS[:2], when_closed=ParentClosePolicy.REQUEST_CANCEL),
    expects=[Outcome(status=Status.TERMINATED), NoOrphans()],
    claims=["CHD-005"],
)
