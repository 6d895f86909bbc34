"""Registers a compensation after the call that it takes back."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import awaits
from harness.mutate.words import registers


class CompensationAfterCall(Operator):
    """Registers a compensation after the call that it takes back."""

    stands_for = (
        "The answer of a call is lost after its effect was committed, and nothing takes the effect back: its "
        "compensation was not registered yet."
    )
    noticed_by = "LostReply on that call, with NoOrphans"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not registers(node):
            return
        call = around.next_statement(node)
        if call is not None and awaits(call):
            yield {node: call, call: node}
