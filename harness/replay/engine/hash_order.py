"""Whether workflow code may depend on the order of a set or on a hash, by its source.

Such code needs replays with several hash seeds: with one, a set of two has the same order as in the run half of the
time. All other code needs one.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from harness.application_side.stuck import is_application

_NAMES = frozenset({"set", "frozenset", "hash", "id", "Set", "AbstractSet", "FrozenSet", "MutableSet"})

_METHODS = frozenset({"union", "intersection", "difference", "symmetric_difference"})


def may_depend_on_hashes(workflows: Iterable[type]) -> bool:
    """Whether the modules of these classes, or modules of the application that they import, use sets or hashes."""
    waiting, seen = [one.__module__ for one in workflows], set[str]()
    while waiting:
        name = waiting.pop()
        file = getattr(sys.modules.get(name), "__file__", None)
        if name in seen or not file or not is_application(file) or "site-packages" in Path(file).parts:
            continue
        seen.add(name)
        uses, imports = _scanned(file, name)
        if uses:
            return True
        waiting += imports
    return False


@cache
def _scanned(file: str, name: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a file uses sets or hashes, and which modules it imports."""
    try:
        tree = ast.parse(Path(file).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False, ()
    nodes = list(ast.walk(tree))
    return any(map(_uses, nodes)), tuple(one for node in nodes for one in _imported(node, name))


def _uses(node: ast.AST) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Name(id=name):
            return name in _NAMES
        case ast.Attribute(attr=name):
            return name in _METHODS
        case _:
            return False


def _imported(node: ast.AST, name: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = name.rsplit(".", node.level)[0] if node.level else ""
        module = ".".join(filter(None, (package, node.module)))
        yield module
        yield from (f"{module}.{one.name}" for one in node.names)
