"""Leaves a timeout out."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, without

ENDS = ("_timeout", "timeout", "timeout_seconds")
"""How the names of timeouts end."""

NEEDED = frozenset({"start_to_close_timeout", "schedule_to_close_timeout"})
"""An activity must have one of them."""


class TimeoutDropped(Operator):
    """Leaves a timeout out."""

    stands_for = "A call that gets no answer, or a worker that is gone, is noticed late or never."
    noticed_by = "Blackhole on that call or a killed worker, with TimeoutKind or Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call):
            return
        for argument in node.args:
            if argument.keyword is None or not argument.keyword.value.endswith(ENDS):
                continue
            if argument.keyword.value in NEEDED and not any(
                keyword(node, one) for one in NEEDED - {argument.keyword.value}
            ):
                continue
            yield {node: without(node, argument)}
