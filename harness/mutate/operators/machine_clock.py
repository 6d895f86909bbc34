"""Takes the time from the machine's clock."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import dotted, expression

OTHERS = {
    "workflow.now": "__import__('datetime').datetime.now(__import__('datetime').timezone.utc)",
    "workflow.time": "__import__('time').time()",
    "workflow.time_ns": "__import__('time').time_ns()",
}
"""What the machine has for what a workflow has."""


class MachineClock(Operator):
    """Takes the time from the machine's clock."""

    stands_for = "A replay decides otherwise than the run did."
    noticed_by = "any scenario: its histories are replayed"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and (other := OTHERS.get(dotted(node))) is not None:
            yield {node: expression(other)}
