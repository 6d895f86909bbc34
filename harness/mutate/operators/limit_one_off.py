"""Allows one more at a time."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import combined, last


class LimitOneOff(Operator):
    """Allows one more at a time."""

    stands_for = "A service that takes no more than agreed refuses calls."
    noticed_by = "more items than the limit allows at a time, with ConcurrencyKept"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and last(node) in {"Semaphore", "BoundedSemaphore"} and len(node.args) == 1:
            yield {node.args[0].value: combined(node.args[0].value, " + 1")}
