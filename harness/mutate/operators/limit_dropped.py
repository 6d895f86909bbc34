"""Drops a limit of concurrent calls, or a lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import source, statements

LIMITS = re.compile(r"sem|limit|slot|lock|window|permit|gate|places", re.IGNORECASE)
"""How people call what limits concurrency."""


class LimitDropped(Operator):
    """Drops a limit of concurrent calls, or a lock."""

    stands_for = "A service gets more calls at a time than it can take, or two handlers change one state at once."
    noticed_by = "more items than the limit allows at a time, with ConcurrencyKept"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.With) or not isinstance(node.body, cst.IndentedBlock) or node.asynchronous is None:
            return
        if len(node.items) == 1 and LIMITS.search(source(node.items[0].item)) is not None:
            yield {node: cst.FlattenSentinel(statements(node.body))}
