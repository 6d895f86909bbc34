"""Retries without end."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, without


class AttemptsUnbounded(Operator):
    """Retries without end."""

    stands_for = "A step that cannot succeed keeps its workflow running indefinitely."
    noticed_by = "a permanent HttpError on that call, with Attempts or Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and (argument := keyword(node, "maximum_attempts")) is not None:
            yield {node: without(node, argument)}
