"""Deletes a statement."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, is_docstring


class StatementDeleted(Operator):
    """Deletes a statement."""

    stands_for = "A step was forgotten, or lost in a merge."
    noticed_by = "a scenario in which this step matters, with Outcome"
    generic = True

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.SimpleStatementLine) or not around.in_function(node):
            return
        first = node.body[0]
        state = isinstance(first, cst.Assign) and isinstance(first.targets[0].target, cst.Attribute)
        if state or (isinstance(first, cst.Expr | cst.AugAssign | cst.Del) and not is_docstring(node)):
            yield {node: PASS}
