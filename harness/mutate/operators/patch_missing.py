"""Takes the new code, or the old, for every run."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import dotted


class PatchMissing(Operator):
    """Takes the new code, or the old, for every run."""

    stands_for = "Runs that were open at the deployment do not replay."
    noticed_by = "a recorded corpus of the old version, replayed"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and dotted(node) == "workflow.patched":
            yield {node: cst.Name("True")}
            yield {node: cst.Name("False")}
