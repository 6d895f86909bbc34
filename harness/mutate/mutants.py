"""Makes the mutants of a source file: the file with one bug each, those left out that change nothing."""

from __future__ import annotations

import ast
import difflib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import libcst as cst

from harness.catalog import kind_at
from harness.errors import UsageError
from harness.files.naming import kinds_in
from harness.mutate.mutant import Mutant
from harness.mutate.operator import Around, Change, Operator, Replacement

LOGS = frozenset({"debug", "info", "warning", "error", "exception", "log"})
"""Calls of a logger: what is written to a log changes nothing that a workflow does."""


def operators(*, generic: bool = False) -> dict[str, Operator]:
    """Return the operators by their names; with the generic ones when asked for."""
    found = {name: kind_at("mutate.operators", name)() for name in kinds_in("mutate.operators")}
    return {name: one for name, one in found.items() if generic or not one.generic}


def mutants_of(file: Path, text: str, using: dict[str, Operator]) -> list[Mutant]:
    """Return the mutants of a source file, in the order of their lines.

    Args:
        file: The file, relative to the project's root.
        text: Its content.
        using: The operators, by their names.

    Raises:
        UsageError: The file is not Python.
    """
    try:
        around = Around.of(text)
    except cst.ParserSyntaxError as error:
        raise UsageError(f"{file} cannot be parsed: line {error.raw_line} is not Python.") from error
    seen = {_meaning(text)}
    found = []
    for name, node, change in _changes(around, using):
        mutated = around.module.visit(_Rewrite(change)).code
        meaning = _meaning(mutated)
        if meaning is None or meaning in seen:
            continue
        seen.add(meaning)
        lines = sorted({line for one in change for line in around.lines(one)})
        found.append(
            Mutant(
                file=file,
                name=f"{around.place(node) or 'module'}: {name}",
                operator=name,
                stands_for=using[name].stands_for,
                noticed_by=using[name].noticed_by,
                lines=tuple(lines),
                in_function=around.in_function(node),
                text=mutated,
                diff=_diff(text, mutated, file),
            )
        )
    return _numbered(sorted(found, key=lambda one: one.lines[:1]))


def _changes(around: Around, using: dict[str, Operator]) -> Iterator[tuple[str, cst.CSTNode, Change]]:
    for node in _code(around.module):
        for name, operator in using.items():
            for change in operator.changes(node, around):
                yield name, node, change


def _code(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the nodes that do something: annotations and what is logged do not."""
    yield node
    for child in node.children:
        logs = isinstance(child, cst.Call) and isinstance(child.func, cst.Attribute) and child.func.attr.value in LOGS
        if not logs and not isinstance(child, cst.Annotation):
            yield from _code(child)


class _Rewrite(cst.CSTTransformer):
    def __init__(self, change: Change) -> None:
        super().__init__()
        self._change = change

    def on_leave(self, original_node: Any, updated_node: Any) -> Any:
        replacement: Replacement | None = self._change.get(original_node)
        if replacement is None:
            return updated_node
        return _with_its_comments(original_node, replacement)


def _with_its_comments(original: cst.CSTNode, replacement: Replacement) -> Replacement:
    """Return a replaced statement with the blank lines of the original, so that a diff shows only what changed."""
    lines = getattr(original, "leading_lines", None)
    if lines is None or not isinstance(replacement, cst.CSTNode) or not hasattr(replacement, "leading_lines"):
        return replacement
    return replacement.with_changes(leading_lines=lines)


def _meaning(text: str) -> str | None:
    """Return what two sources have in common that do the same, whatever their comments; None if it is not Python."""
    try:
        return ast.dump(ast.parse(text))
    except SyntaxError:
        return None


def _diff(before: str, after: str, file: Path) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{file.as_posix()}", f"b/{file.as_posix()}", n=2, lineterm=""
    )
    return "\n".join(lines)


def _numbered(mutants: Sequence[Mutant]) -> list[Mutant]:
    """Tell mutants of one name apart."""
    times = Counter(one.name for one in mutants)
    numbers = {name: itertools.count(1) for name in times}
    return [
        Mutant(**{**vars(one), "name": f"{one.name} #{next(numbers[one.name])}"}) if times[one.name] > 1 else one
        for one in mutants
    ]
