"""Retries without back-off, or with another first wait."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword, last, source, with_keyword, with_value, without

DEFAULTS = {"initial_interval": "timedelta(seconds=1)"}
"""What Temporal takes where nothing is said."""


class BackOffDropped(Operator):
    """Retries without back-off, or with another first wait. A policy of one attempt has no waits."""

    stands_for = "All clients of a service that is overloaded repeat their calls at once."
    noticed_by = "a permanent HttpError on that call, with RetrySchedule"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call) or last(node) != "RetryPolicy":
            return
        attempts = keyword(node, "maximum_attempts")
        if attempts is not None and source(attempts.value) == "1":
            return
        coefficient = keyword(node, "backoff_coefficient")
        if coefficient is None:
            yield {node: with_keyword(node, "backoff_coefficient", cst.Float("1.0"))}
        elif source(coefficient.value) not in {"1", "1.0"}:
            yield {node: with_value(node, coefficient, cst.Float("1.0"))}
        for name in ("initial_interval", "maximum_interval"):
            argument = keyword(node, name)
            if argument is not None and source(argument.value) != DEFAULTS.get(name):
                yield {node: without(node, argument)}
