"""Stops a loop at the first step that fails, instead of going on with the others."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import awaits, inside


class CompensationStopsAtFailure(Operator):
    """Stops a loop at the first step that fails, instead of going on with the others."""

    stands_for = "One compensation that cannot work keeps the others from being run."
    noticed_by = "a permanent HttpError on one compensation, with NoOrphans for the others"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.ExceptHandler) or not isinstance(node.body, cst.IndentedBlock):
            return
        if any(isinstance(one, cst.Raise | cst.Return | cst.Break) for one in inside(node.body)):
            return
        tried = around.within(node, cst.Try)
        loop = around.within(node, cst.For) or around.within(node, cst.While)
        if tried is None or loop is None or not awaits(tried.body):
            return
        again = cst.SimpleStatementLine([cst.Raise()])
        yield {node.body: node.body.with_changes(body=[*node.body.body, again])}
