"""Changes a number by one."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator


class ConstantOneOff(Operator):
    """Changes a number by one."""

    stands_for = "A count, a size or a limit is one off."
    noticed_by = "a scenario in which this number decides, with the oracle of what it limits"
    generic = True

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.Integer):
            yield {node: cst.Integer(str(node.evaluated_value + 1))}
            if node.evaluated_value > 0:
                yield {node: cst.Integer(str(node.evaluated_value - 1))}
