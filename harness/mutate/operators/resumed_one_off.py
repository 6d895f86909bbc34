"""Resumes one item too far."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import combined


class ResumedOneOff(Operator):
    """Resumes one item too far."""

    stands_for = "The item that was in progress when the worker died is skipped."
    noticed_by = "a killed worker, with NoItemLost"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        match node:
            case cst.Subscript(value=cst.Attribute(attr=cst.Name("heartbeat_details"))):
                yield {node: combined(node, " + 1")}
            case cst.Subscript(value=cst.Name(value=name)) if "detail" in name or "progress" in name:
                yield {node: combined(node, " + 1")}
            case _:
                pass
