"""Handles more exceptions than it should, a cancellation among them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import awaits, cancelled_as_failure, source


class ExceptWidened(Operator):
    """Handles more exceptions than it should, a cancellation among them.

    Left alone is what handles a cancellation either way: code that awaits nothing, a handler that asks whether the
    failure is one, and one for the failures of activities and children where nothing else is awaited.
    """

    stands_for = "A cancellation, or a defect, is handled as if it were an expected failure, and is lost."
    noticed_by = "a driver that cancels at this point, with Outcome(status=CANCELED)"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.ExceptHandler) or node.type is None or source(node.type) == "BaseException":
            return
        guarded = next(around.above(node))
        if not isinstance(guarded, cst.Try) or "is_cancelled_exception" in source(node.body):
            return
        if awaits(guarded.body) and not cancelled_as_failure(node, guarded.body):
            yield {node.type: cst.Name("BaseException")}
