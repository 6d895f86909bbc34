"""Makes an idempotency key that differs for each run of a workflow."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import inside
from harness.mutate.words import keys


class KeyPerRun(Operator):
    """Makes an idempotency key that differs for each run of a workflow."""

    stands_for = "A workflow that is retried or reset repeats an effect: the service does not know the new key."
    noticed_by = "a retry of the workflow after a LostReply, with AtMostOnce"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        for key in keys(node):
            for one in inside(key):
                if isinstance(one, cst.Attribute) and one.attr.value == "workflow_id":
                    yield {one: one.with_changes(attr=cst.Name("run_id"))}
