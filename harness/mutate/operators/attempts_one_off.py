"""Makes one attempt more, or one less."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import combined, expression, keyword, source, with_value


class AttemptsOneOff(Operator):
    """Makes one attempt more, or one less."""

    stands_for = "The number of attempts is not what was agreed with the service."
    noticed_by = "a permanent HttpError on that call, with Attempts"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and (argument := keyword(node, "maximum_attempts")) is not None:
            yield {node: with_value(node, argument, combined(argument.value, " + 1"))}
            if source(argument.value) != "1":
                yield {node: with_value(node, argument, expression(f"max(1, {source(argument.value)} - 1)"))}
