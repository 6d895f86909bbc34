"""Does not refuse invalid values."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, source
from harness.mutate.words import CHECKSUMS, is_refusal


class ValidationDropped(Operator):
    """Does not refuse invalid values."""

    stands_for = "An invalid input or answer is worked with, and fails later or spoils data."
    noticed_by = "a scenario with that invalid value, with Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.If) and is_refusal(node) and CHECKSUMS.search(source(node.test)) is None:
            yield {node: PASS}
