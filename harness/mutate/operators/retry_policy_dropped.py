"""Leaves a call to the default retry policy: without end, from 1 s on."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, without


class RetryPolicyDropped(Operator):
    """Leaves a call to the default retry policy: without end, from 1 s on."""

    stands_for = "A step that cannot succeed is retried indefinitely."
    noticed_by = "a permanent HttpError on that call, with Attempts"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and (argument := keyword(node, "retry_policy")) is not None:
            yield {node: without(node, argument)}
