"""Draws chance from the machine."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import dotted, expression

OTHERS = {"workflow.random": "__import__('random')", "workflow.uuid4": "__import__('uuid').uuid4()"}
"""What the machine has for what a workflow has."""


class MachineRandom(Operator):
    """Draws chance from the machine."""

    stands_for = "A replay decides otherwise than the run did."
    noticed_by = "any scenario: its histories are replayed"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Call) and (other := OTHERS.get(dotted(node))) is not None:
            yield {node: expression(other)}
