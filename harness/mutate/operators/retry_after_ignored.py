"""Ignores when the service asks to be called again."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, without


class RetryAfterIgnored(Operator):
    """Ignores when the service asks to be called again."""

    stands_for = "A service that limits its callers gets calls early, and may block the caller."
    noticed_by = "HttpError(status=429) with a Retry-After that no default of the code equals, with RetrySchedule"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and (argument := keyword(node, "next_retry_delay")) is not None:
            yield {node: without(node, argument)}
