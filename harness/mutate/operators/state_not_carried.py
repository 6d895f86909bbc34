"""Loses a part of the state when a workflow continues as new."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import inside, last, without


class StateNotCarried(Operator):
    """Loses a part of the state when a workflow continues as new."""

    stands_for = "What the earlier runs of the chain knew is gone after some thousand events."
    noticed_by = "a history that is full while there is state, with StateCarried"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call) or last(node) != "continue_as_new":
            return
        for call in inside(node):
            if isinstance(call, cst.Call) and call is not node and last(call) != "list":
                for argument in call.args:
                    if argument.keyword is not None:
                        yield {call: without(call, argument)}
