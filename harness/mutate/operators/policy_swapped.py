"""Takes another policy for children: what becomes of them at the end, or at a cancellation."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import last

OTHERS = {
    "ParentClosePolicy": ("ABANDON", "TERMINATE", "REQUEST_CANCEL"),
    "ChildWorkflowCancellationType": ("ABANDON", "WAIT_CANCELLATION_COMPLETED"),
    "ActivityCancellationType": ("ABANDON", "TRY_CANCEL", "WAIT_CANCELLATION_COMPLETED"),
    "WorkflowIDReusePolicy": ("ALLOW_DUPLICATE", "REJECT_DUPLICATE"),
}
"""The values of each policy that change what happens."""


class PolicySwapped(Operator):
    """Takes another policy for children: what becomes of them at the end, or at a cancellation."""

    stands_for = "Children are ended that should go on, or go on that nobody waits for."
    noticed_by = "a parent that is cancelled or times out, with ChildrenAccountedFor"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Attribute) and (others := OTHERS.get(last(node.value))):
            for other in others:
                if other != node.attr.value:
                    yield {node: node.with_changes(attr=cst.Name(other))}
