"""Starts from the beginning, although an earlier attempt reported its progress."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator


class HeartbeatDetailsIgnored(Operator):
    """Starts from the beginning, although an earlier attempt reported its progress."""

    stands_for = "Every restart of a worker repeats all effects so far."
    noticed_by = "a killed worker, with ResumedFromHeartbeat"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Attribute) and node.attr.value == "heartbeat_details":
            yield {node: cst.Tuple([])}
