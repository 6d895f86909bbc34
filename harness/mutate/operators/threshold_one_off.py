"""Decides one too early or one too late."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator

OTHERS: dict[type[cst.BaseCompOp], cst.BaseCompOp] = {
    cst.LessThan: cst.LessThanEqual(),
    cst.LessThanEqual: cst.LessThan(),
    cst.GreaterThan: cst.GreaterThanEqual(),
    cst.GreaterThanEqual: cst.GreaterThan(),
}
"""The comparison that differs only at the edge."""


class ThresholdOneOff(Operator):
    """Decides one too early or one too late."""

    stands_for = "A limit, a window or a quota is kept by all values except the one at its edge."
    noticed_by = "exactly as many items or failures as the threshold names, with the oracle of what it limits"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.ComparisonTarget) and (other := OTHERS.get(type(node.operator))) is not None:
            yield {node: node.with_changes(operator=other)}
