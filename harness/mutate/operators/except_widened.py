"""Handles more exceptions than it should, a cancellation among them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import source


class ExceptWidened(Operator):
    """Handles more exceptions than it should, a cancellation among them."""

    stands_for = "A cancellation, or a defect, is handled as if it were an expected failure, and is lost."
    noticed_by = "a driver that cancels at this point, with Outcome(status=CANCELED)"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.ExceptHandler) and node.type is not None and source(node.type) != "BaseException":
            yield {node.type: cst.Name("BaseException")}
