"""Does not wait for a condition, or waits only behind the next effect."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, awaits, dotted, inside, last, only_expression


class WaitDropped(Operator):
    """Does not wait for a condition, or waits only behind the next effect."""

    stands_for = "What needs a permission happens without it, or before it."
    noticed_by = "a driver that sends the signal late or never, with EffectsInOrder or Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.SimpleStatementLine):
            return
        waits = [one for one in inside(node) if isinstance(one, cst.Await) and dotted(one) == "workflow.wait_condition"]
        if not waits or any(last(one) == "all_handlers_finished" for one in inside(node)):
            return
        if only_expression(node) is not None:
            yield {node: PASS}
        following = around.next_statement(node)
        if following is not None and awaits(following):
            yield {node: following, following: node}
