"""Drops a compensation: its registration, or the call that compensates."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, last, only_expression
from harness.mutate.words import COMPENSATES, registers


class CompensationDropped(Operator):
    """Drops a compensation: its registration, or the call that compensates."""

    stands_for = "A step that has no compensation stays booked when a later step fails."
    noticed_by = "HttpError on a step behind it, with NoOrphans"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if registers(node):
            yield {node: PASS}
        elif isinstance(node, cst.SimpleStatementLine) and isinstance(call := only_expression(node), cst.Await):
            if COMPENSATES.search(last(call)) is not None:
                yield {node: PASS}
        elif (
            isinstance(node, cst.Await)
            and COMPENSATES.search(last(node)) is not None
            and not isinstance(next(around.above(node)), cst.Expr)
        ):
            yield {node: cst.Name("None")}
