"""Makes a timeout a thousand times as long."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import combined


class TimeoutFarTooLong(Operator):
    """Makes a timeout a thousand times as long."""

    stands_for = "A call that gets no answer holds its workflow up for hours."
    noticed_by = "Blackhole on that call, with TimeoutKind or Outcome within the scenario's deadline"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call):
            return
        for argument in node.args:
            if argument.keyword is not None and argument.keyword.value.endswith(("timeout", "timeout_seconds")):
                yield {argument.value: combined(argument.value, " * 1000")}
