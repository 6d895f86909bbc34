"""Draws an idempotency key at random."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import expression
from harness.mutate.words import is_activity_code, keys


class KeyRandom(Operator):
    """Draws an idempotency key at random."""

    stands_for = "Whatever repeats the call has its effect again: no two attempts have one key."
    noticed_by = "LostReply on that call, or a worker killed behind it, with AtMostOnce"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        for key in keys(node):
            if isinstance(key, cst.SimpleString):
                continue
            yield {
                key: expression(
                    "__import__('secrets').token_hex(8)" if is_activity_code(around) else "str(workflow.uuid4())"
                )
            }
