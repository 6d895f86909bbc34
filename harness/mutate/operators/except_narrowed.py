"""Leaves an exception unhandled."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import cancelled_as_failure, last


class ExceptNarrowed(Operator):
    """Leaves an exception unhandled; no cancellation that arrives as the failure of an activity, handled beside it."""

    stands_for = "A failure that the code was written for ends the workflow or the activity instead."
    noticed_by = "the fault that raises this exception, with Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.ExceptHandler) or node.type is None:
            return
        if not isinstance(node.type, cst.Tuple) or len(node.type.elements) == 1:
            yield {node.type: cst.Tuple([])}
            return
        guarded = next(around.above(node))
        unneeded = isinstance(guarded, cst.Try) and cancelled_as_failure(node, guarded.body)
        for one in node.type.elements:
            if unneeded and last(one.value) == "CancelledError":
                continue
            others = [other for other in node.type.elements if other is not one]
            final = others[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            yield {
                node.type: final.value if len(others) == 1 else node.type.with_changes(elements=[*others[:-1], final])
            }
