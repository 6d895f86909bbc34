"""Lets a cancellation interrupt what was shielded from it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import dotted


class NotShielded(Operator):
    """Lets a cancellation interrupt what was shielded from it."""

    stands_for = "A workflow that is cancelled while it compensates leaves the rest standing."
    noticed_by = "a driver that cancels during a compensation, with NoOrphans"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and dotted(node) == "asyncio.shield" and len(node.args) == 1:
            yield {node: node.args[0].value}
