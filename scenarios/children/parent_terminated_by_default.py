"""Without a policy of ours the order is terminated with its batch: charged, never shipped, and never refunded."""

from __future__ import annotations

from dataclasses import replace

from temporalio.workflow import ParentClosePolicy

from fakes.payments import Payments
from harness import EffectsInOrder, NoOrphans, Outcome, Recorded, Status
from scenarios.children import all_well, parent_terminated
from scenarios.children.workflow import Batch

scenario = replace(
    parent_terminated.scenario,
    given=Batch(orders=all_well.ORDERS[:2], when_closed=ParentClosePolicy.UNSPECIFIED),
    expects=[
        Outcome(status=Status.TERMINATED),
        Recorded(
            event="StartChildWorkflowExecutionInitiated",
            having={"parentClosePolicy": "PARENT_CLOSE_POLICY_TERMINATE"},
            count=1,
        ),
        EffectsInOrder(operations=[Payments.charge]),
        NoOrphans(but=[Payments.charge]),
    ],
    claims=["CHD-004"],
)
