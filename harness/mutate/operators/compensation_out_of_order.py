"""Runs compensations in the order of the calls, not in reverse."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import last, source
from harness.mutate.words import COMPENSATES


class CompensationOutOfOrder(Operator):
    """Runs compensations in the order of the calls, not in reverse."""

    stands_for = "What depends on another effect is taken back after it, which the service refuses."
    noticed_by = "HttpError on the last step, with CompensatedInReverse"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        match node:
            case cst.Call(func=cst.Attribute(value=values, attr=cst.Name("pop")), args=[]) if COMPENSATES.search(
                last(values)
            ):
                yield {node: node.with_changes(args=[cst.Arg(cst.Integer("0"))])}
            case cst.Call(func=cst.Name("reversed"), args=[only]):
                yield {node: cst.Call(cst.Name("list"), [only])}
            case cst.Subscript(
                value=values, slice=[cst.SubscriptElement(slice=cst.Slice(lower=None, upper=None, step=step))]
            ):
                if step is not None and source(step) == "-1":
                    yield {node: values}
            case _:
                pass
