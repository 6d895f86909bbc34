"""Gives a failure up at once that a further attempt would repair."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, last, with_keyword


class NonRetryableAdded(Operator):
    """Gives a failure up at once that a further attempt would repair.

    What the code of a workflow raises or returns is not retried, unless the workflow is, and is left alone.
    """

    stands_for = "A short outage of a service fails the workflow."
    noticed_by = "HttpError(status=503) for one attempt on that call, with Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call) or last(node) != "ApplicationError" or around.of_workflow:
            return
        if keyword(node, "non_retryable") is None:
            yield {node: with_keyword(node, "non_retryable", cst.Name("True"))}
