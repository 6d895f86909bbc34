"""Handles a failure and reports success."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS


class ExceptSwallows(Operator):
    """Handles a failure and reports success."""

    stands_for = "The caller takes what failed for done."
    noticed_by = "HttpError on the call inside, with Outcome or AccountedFor"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.SimpleStatementLine) or not isinstance(node.body[0], cst.Raise):
            return
        if around.within(node, cst.ExceptHandler) is not None:
            yield {node: PASS}
