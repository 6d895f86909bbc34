"""Makes an idempotency key that differs for each attempt of an activity, or sends none."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import expression, source
from harness.mutate.words import is_activity_code, keys


class KeyPerAttempt(Operator):
    """Makes an idempotency key that differs for each attempt of an activity, or sends none."""

    stands_for = "An attempt that is repeated after its answer was lost has its effect twice."
    noticed_by = "LostReply on that call, with AtMostOnce"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        for key in keys(node):
            if not is_activity_code(around) or isinstance(key, cst.SimpleString):
                continue
            yield {
                key: expression(f"f\"{{{source(key)}}}-{{__import__('temporalio.activity').activity.info().attempt}}\"")
            }
