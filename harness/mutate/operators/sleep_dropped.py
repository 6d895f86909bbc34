"""Does not wait between two steps."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, dotted, only_expression


class SleepDropped(Operator):
    """Does not wait between two steps."""

    stands_for = "A poll, a retry or a window has no pause, and the service is called without end."
    noticed_by = "a scenario in which the pause matters, with RateKept or RetrySchedule"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        call = only_expression(node)
        if isinstance(call, cst.Await) and dotted(call) in {"asyncio.sleep", "workflow.sleep"}:
            yield {node: PASS}
