"""Loses what kind of failure it was."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, last, without


class ErrorTypeLost(Operator):
    """Loses what kind of failure it was."""

    stands_for = "Retry policies and handlers that name this type no longer recognise it."
    noticed_by = "the fault that raises it, with Outcome or Attempts"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if (
            isinstance(node, cst.Call)
            and last(node) == "ApplicationError"
            and (argument := keyword(node, "type")) is not None
        ):
            yield {node: without(node, argument)}
