"""Starts a call and does not wait for its end."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import CALLS, dotted, expression, only_expression
from harness.mutate.words import imports_asyncio

OTHERS = ("workflow.wait", "workflow.sleep", "asyncio.")
"""What has operators of its own, or is no call."""


class NotAwaited(Operator):
    """Starts a call and does not wait for its end."""

    stands_for = "The workflow goes on, or ends, before the call was made; its failure is lost."
    noticed_by = "HttpError or Latency on that call, with NoOrphans or AccountedFor"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        call = only_expression(node)
        if not isinstance(call, cst.Await) or not isinstance(call.expression, cst.Call):
            return
        name = dotted(call)
        if name in CALLS and ".execute_" in name:
            started = call.expression.with_changes(func=expression(name.replace(".execute_", ".start_")))
            result = cst.Await(started) if "child" in name else started
            yield {call: result}
        elif name.startswith(OTHERS):
            return
        elif imports_asyncio(around):
            yield {call: cst.Call(expression("asyncio.ensure_future"), [cst.Arg(call.expression)])}
