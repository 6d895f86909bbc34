"""Lets the first failure of a gather end it, or no failure at all."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import dotted, keyword, source, with_keyword, with_value


class ReturnExceptionsFlipped(Operator):
    """Lets the first failure of a gather end it, or no failure at all."""

    stands_for = "The other branches go on unobserved, or a failure is taken for a result."
    noticed_by = "HttpError on one of several concurrent calls, with NoOrphans or AccountedFor"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call) or dotted(node) != "asyncio.gather":
            return
        argument = keyword(node, "return_exceptions")
        if argument is None:
            yield {node: with_keyword(node, "return_exceptions", cst.Name("True"))}
        else:
            other = "False" if source(argument.value) == "True" else "True"
            yield {node: with_value(node, argument, cst.Name(other))}
