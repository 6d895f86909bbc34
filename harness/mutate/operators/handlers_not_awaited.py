"""Ends a workflow while its handlers still run."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, inside, last, only_expression


class HandlersNotAwaited(Operator):
    """Ends a workflow while its handlers still run."""

    stands_for = "An update or a signal that came last is lost."
    noticed_by = "a driver that sends an update at the end, with Outcome or NoOrphans"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        call = only_expression(node)
        if isinstance(call, cst.Await) and any(last(one) == "all_handlers_finished" for one in inside(call)):
            yield {node: PASS}
