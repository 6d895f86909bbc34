"""Says which files of a project a file imports, directly or through others, without importing anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path


class Imports:
    """The imports between the files of a project.

    Args:
        root: The project's root, from which its modules are imported; `src` below it as well.
    """

    def __init__(self, root: Path) -> None:
        self._roots = [one for one in (root, root / "src") if one.is_dir()]
        self._direct = cache(self._imports_of)

    def of(self, file: Path) -> frozenset[Path]:
        """Return all files of the project that are imported when a file is, itself included."""
        found: set[Path] = set()
        waiting = [file]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._direct(one)
        return frozenset(found)

    def _imports_of(self, file: Path) -> frozenset[Path]:
        try:
            tree = ast.parse(file.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError, OSError):
            return frozenset()
        return frozenset(path for name in _names(tree, self._package(file)) for path in self.files(name))

    def _package(self, file: Path) -> list[str]:
        for root in reversed(self._roots):
            if file.is_relative_to(root):
                return list(file.relative_to(root).parent.parts)
        return []

    def files(self, name: str) -> Iterator[Path]:
        """Yield the file of a module by its name, and those of the packages that it is in."""
        parts = name.split(".")
        for root in self._roots:
            for count in range(1, len(parts) + 1):
                base = root.joinpath(*parts[:count])
                for path in (base / "__init__.py", base.with_suffix(".py")):
                    if path.is_file():
                        yield path


def _names(tree: ast.Module, package: list[str]) -> Iterator[str]:
    """Yield all that could be a module in the imports of a file, wherever they are in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" if base else alias.name for alias in node.names)
