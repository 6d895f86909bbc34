"""Does not compare a checksum."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from harness.mutate.operator import Around, Change, Operator
from harness.mutate.syntax import PASS, source
from harness.mutate.words import CHECKSUMS, is_refusal


class ChecksumNotCompared(Operator):
    """Does not compare a checksum."""

    stands_for = "Data that was damaged on its way is taken for good."
    noticed_by = "a fault that changes the content, with Outcome"

    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong."""
        if isinstance(node, cst.If) and is_refusal(node) and CHECKSUMS.search(source(node.test)) is not None:
            yield {node: PASS}
