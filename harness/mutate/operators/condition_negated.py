"""Negates a condition."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import expression, source


class ConditionNegated(Operator):
    """Negates a condition."""

    stands_for = "A branch is taken when it should not be, and not when it should."
    noticed_by = "a scenario for each side of the condition, with Outcome"
    generic = True

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.If | cst.While | cst.IfExp) and source(node.test) not in {"True", "TYPE_CHECKING"}:
            yield {node.test: expression(f"not ({source(node.test)})")}
