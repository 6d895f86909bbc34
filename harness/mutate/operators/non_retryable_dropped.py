"""Retries a failure that no attempt can repair."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, source, without


class NonRetryableDropped(Operator):
    """Retries a failure that no attempt can repair."""

    stands_for = "A refusal is repeated until the attempts or the timeout run out."
    noticed_by = "HttpError(status=400) on that call, with Attempts"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call):
            return
        for name in ("non_retryable", "non_retryable_error_types"):
            argument = keyword(node, name)
            if argument is not None and source(argument.value) != "False":
                yield {node: without(node, argument)}
