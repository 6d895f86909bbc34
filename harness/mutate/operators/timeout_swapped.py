"""Takes one timeout for another."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import keyword


class TimeoutSwapped(Operator):
    """Takes one timeout for another."""

    stands_for = "Retries share one timeout that was meant for each of them, or the other way round."
    noticed_by = "Blackhole on that call, with TimeoutKind and Attempts"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if not isinstance(node, cst.Call):
            return
        attempt, whole = keyword(node, "start_to_close_timeout"), keyword(node, "schedule_to_close_timeout")
        if attempt is not None and whole is not None:
            yield {attempt.value: whole.value, whole.value: attempt.value}
        elif attempt is not None:
            yield {attempt.keyword or attempt: cst.Name("schedule_to_close_timeout")}
        elif whole is not None:
            yield {whole.keyword or whole: cst.Name("start_to_close_timeout")}
