"""What an operator is: a way to write a certain production bug into code that does not have it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, ParentNodeProvider, PositionProvider

from harness.mutate.syntax import statements

N = TypeVar("N", bound=cst.CSTNode)

Replacement = cst.CSTNode | cst.FlattenSentinel[cst.BaseStatement]
"""What takes the place of a node: one node, or several statements."""

Change = Mapping[cst.CSTNode, Replacement]
"""The nodes that a mutant has others for."""


class Operator(ABC):
    """Writes one kind of production bug into a syntax tree.

    Attributes:
        stands_for: The bug in production, one sentence.
        noticed_by: The fault and the oracle of a scenario that would notice it.
        generic: Whether it knows nothing of durable code; such operators run only when asked for.
    """

    stands_for: ClassVar[str]
    noticed_by: ClassVar[str]
    generic: ClassVar[bool] = False

    @abstractmethod
    def changes(self, node: cst.CSTNode, around: Around) -> Iterator[Change]:
        """Yield each way in which this node can be made wrong.

        Args:
            node: One node of the tree; every node is offered once.
            around: What surrounds it.
        """


@dataclass(frozen=True, eq=False)
class Around:
    """What surrounds the nodes of one source file.

    Attributes:
        module: The tree.
    """

    module: cst.Module
    _parents: Mapping[cst.CSTNode, cst.CSTNode]
    _positions: Mapping[cst.CSTNode, CodeRange]

    @classmethod
    def of(cls, text: str) -> Around:
        """Parse a source file.

        Raises:
            libcst.ParserSyntaxError: It is not Python.
        """
        wrapper = MetadataWrapper(cst.parse_module(text))
        return cls(wrapper.module, wrapper.resolve(ParentNodeProvider), wrapper.resolve(PositionProvider))

    @cached_property
    def of_workflow(self) -> bool:
        """Whether the file defines workflows and no activities."""
        text = self.module.code
        return "workflow.defn" in text and "activity.defn" not in text

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield what a node is in, from the inside out."""
        while node in self._parents:
            node = self._parents[node]
            yield node

    def within(self, node: cst.CSTNode, kind: type[N]) -> N | None:
        """Return the innermost node of a kind around a node, inside the same function."""
        for one in self.above(node):
            if isinstance(one, kind):
                return one
            if isinstance(one, cst.FunctionDef | cst.Lambda):
                return None
        return None

    def next_statement(self, statement: cst.CSTNode) -> cst.BaseStatement | None:
        """Return the statement behind another in the same block."""
        return self._beside(statement, 1)

    def statement_before(self, statement: cst.CSTNode) -> cst.BaseStatement | None:
        """Return the statement before another in the same block."""
        return self._beside(statement, -1)

    def _beside(self, statement: cst.CSTNode, step: int) -> cst.BaseStatement | None:
        block = list(statements(self._parents[statement]))
        places = [place for place, one in enumerate(block) if one is statement]
        if not places or not 0 <= places[0] + step < len(block):
            return None
        return block[places[0] + step]

    def place(self, node: cst.CSTNode) -> str:
        """Return the function or class that a node is in, such as "BookTrip.run"; "" at the top."""
        names = [one.name.value for one in self.above(node) if isinstance(one, cst.FunctionDef | cst.ClassDef)]
        return ".".join(reversed(names))

    def in_function(self, node: cst.CSTNode) -> bool:
        """Whether a node runs when a function is called, and not when the module is imported."""
        below = node
        for one in self.above(node):
            if isinstance(one, cst.FunctionDef) and below is one.body:
                return True
            below = one
        return False

    def lines(self, node: cst.CSTNode) -> range:
        """Return the lines of a node; of a block with a header, those of the header."""
        position = self._positions[node]
        last = position.end.line
        body = getattr(node, "body", None)
        if isinstance(body, cst.IndentedBlock) and body.body:
            last = max(position.start.line, self._positions[body.body[0]].start.line - 1)
        return range(position.start.line, last + 1)
