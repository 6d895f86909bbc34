"""Reads and rewrites source code as text, so that its formatting and its comments stay."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, kw_only=True)
class ImportedName:
    """One name that a module imports.

    Attributes:
        line: Where.
        module: From which module; for `import x`, that module.
        name: The name in that module; "" for `import x`.
        bound: The name that it has in the importing module.
    """

    line: int
    module: str
    name: str
    bound: str


def imports(text: str) -> list[ImportedName]:
    """Return what a source imports by absolute names, without what only a type checker imports."""
    return [
        ImportedName(
            line=node.lineno,
            module=one.name if isinstance(node, ast.Import) else str(node.module),
            name="" if isinstance(node, ast.Import) else one.name,
            bound=one.asname or one.name.partition(".")[0],
        )
        for node in _running(ast.parse(text))
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level)
        for one in node.names
    ]


def packages_of(text: str) -> set[str]:
    """Return the top-level packages that a source imports, without Python's own."""
    return {one.module.partition(".")[0] for one in imports(text)} - sys.stdlib_module_names


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below a node, except those under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from _running(child)


def names_in(text: str) -> set[str] | None:
    """Return the names that a module has at its top level; None when it imports some that nobody can tell."""
    found: set[str] = set()
    waiting: list[ast.AST] = [*ast.parse(text).body]
    while waiting:
        match waiting.pop():
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.alias(name="*"):
                return None
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
            case ast.Lambda():
                pass
            case other:
                waiting += ast.iter_child_nodes(other)
    return found


def attributes_of(text: str, bound: str) -> list[tuple[int, str]]:
    """Return line and name of each attribute that a source takes of a name."""
    return [
        (node.lineno, node.attr)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == bound
    ]


def rewritten(text: str, modules: Mapping[str, str]) -> str:
    """Return a source that imports from other modules; everything else is as it was.

    Args:
        text: The source.
        modules: The new name of each module or package, such as {"fakes": "tests.fakes"}.
    """
    lines = text.splitlines(keepends=True)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and not node.level:
            for old, new in modules.items():
                if f"{node.module}.".startswith(f"{old}."):
                    moved = f"{new}{str(node.module).removeprefix(old)}"
                    at = node.lineno - 1
                    lines[at] = lines[at].replace(f"from {node.module} ", f"from {moved} ", 1)
    return "".join(lines)


def without_claims(text: str) -> str:
    """Return a scenario's source without the argument `claims`: the claims are of the reference's specification."""
    raw = text.encode()
    starts = [0]
    for line in raw.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    cuts = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            arguments = [*node.args, *(one.value for one in node.keywords)]
            for before, one in pairwise(arguments):
                if any(keyword.arg == "claims" and keyword.value is one for keyword in node.keywords):
                    cuts.append((_end(before, starts), _end(one, starts)))
    for start, end in sorted(cuts, reverse=True):
        raw = raw[:start] + raw[end:]
    return raw.decode()


def _end(node: ast.expr, starts: list[int]) -> int:
    assert node.end_lineno is not None  # noqa: S101 - the parser sets it
    assert node.end_col_offset is not None  # noqa: S101 - the same
    return starts[node.end_lineno - 1] + node.end_col_offset


_LINK = re.compile(r"\[([^\]]+)\]\((?![a-z]+:)([^)#]+)[^)]*\)")


def page_for(text: str, *, pattern: str, name: str) -> str:
    """Return a pattern's README for a project: without links to other patterns, and with the pattern's name there.

    Args:
        text: The page.
        pattern: The pattern's name in the reference.
        name: Its name in the project.
    """
    # The mutants, which the oracles must fail, stay with the reference.
    kept = "".join(line for line in text.splitlines(keepends=True) if "tests/convictions/" not in line)
    kept = _LINK.sub(lambda found: found[1] if found[2].startswith("..") else found[0], kept)
    return kept.replace(f"# {pattern}:", f"# {name}:", 1).replace(f"`{pattern}/", f"`{name}/")
