"""Sends no heartbeat."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, last, only_expression


class HeartbeatDropped(Operator):
    """Sends no heartbeat."""

    stands_for = "A long activity is taken for dead and started again, or a dead one is noticed late."
    noticed_by = "a killed worker, with ResumedFromHeartbeat"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        call = only_expression(node)
        if call is not None and last(call) == "heartbeat":
            yield {node: PASS}
