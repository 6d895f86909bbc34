"""Reports progress before the effect."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import awaits, last, only_expression


class HeartbeatBeforeEffect(Operator):
    """Reports progress before the effect."""

    stands_for = "A worker that dies between them never does what was reported as done."
    noticed_by = "a worker killed at its heartbeat, with NoItemLost"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        call = only_expression(node)
        if call is None or last(call) != "heartbeat":
            return
        before = around.statement_before(node)
        if before is not None and awaits(before):
            yield {node: before, before: node}
