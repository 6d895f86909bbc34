"""Tries alternatives in another order."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator


class FallbackOrder(Operator):
    """Tries alternatives in another order."""

    stands_for = "The expensive or stale answer is taken although the better one was to be had."
    noticed_by = "HttpError on none and on the first alternative, with FellBackInOrder"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.For) and isinstance(node.iter, cst.Tuple | cst.List) and len(node.iter.elements) > 1:
            values = [one.value for one in node.iter.elements]
            yield dict(zip(values, reversed(values), strict=True))
