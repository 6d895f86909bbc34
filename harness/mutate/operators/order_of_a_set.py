"""Works in the order of a set."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import dotted


class OrderOfASet(Operator):
    """Works in the order of a set."""

    stands_for = "A replay in another process works in another order."
    noticed_by = "a scenario with several items: its histories are replayed with several hash seeds"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and dotted(node) == "sorted" and node.args:
            yield {node: cst.Call(cst.Name("list"), [node.args[0].with_changes(comma=cst.MaybeSentinel.DEFAULT)])}
