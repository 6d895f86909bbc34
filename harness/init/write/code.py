"""Writes Python: the imports in their order, and long expressions over several lines."""

from __future__ import annotations

import ast
import sys

WIDTH = 100
OTHERS = frozenset({"harness", "temporalio", "pydantic", "cryptography"})
"""Packages that are not of the project."""


class ImportLines:
    """The imports of a file."""

    def __init__(self) -> None:
        self.wanted: set[tuple[str, str]] = set()
        self._taken: dict[str, tuple[str, str]] = {}

    def add(self, module: str, name: str) -> str:
        """Import a name from a module, and return the name that the file has for it."""
        local = name
        while self._taken.setdefault(local, (module, name)) != (module, name):
            local = f"{module.rpartition('.')[2]}_{local}"
        self.wanted.add((module, name if local == name else f"{name} as {local}"))
        return local

    @property
    def standard(self) -> str:
        """The statements for the standard library."""
        return self._groups()[0]

    @property
    def others(self) -> str:
        """The statements for everything else."""
        return "\n\n".join(filter(None, self._groups()[1:]))

    @property
    def lines(self) -> str:
        """All statements."""
        return "\n\n".join(filter(None, self._groups()))

    def _groups(self) -> list[str]:
        by_module: dict[str, set[str]] = {}
        for module, name in self.wanted:
            by_module.setdefault(module, set()).add(name)
        groups: tuple[list[str], ...] = ([], [], [])
        for module, names in sorted(by_module.items()):
            # `import x` has no module that it comes from.
            lines = [f"import {one}" for one in sorted(names)] if not module else [_from(module, sorted(names))]
            for line in lines:
                package = line.split()[1].partition(".")[0]
                place = 0 if package in sys.stdlib_module_names else 1 if package in OTHERS or not module else 2
                groups[place].append(line)
        return ["\n".join(one) for one in groups]


def laid_out(source: str, *, indent: int = 0, before: int = 0) -> str:
    """Return an expression over several lines, where it does not fit into one.

    Args:
        source: The expression.
        indent: By how much its line is indented.
        before: How much stands before it in that line, besides the indentation.
    """
    node = ast.parse(source, mode="eval").body
    return _laid_out(node, indent, before)


def quoted(text: str) -> str:
    """Return a text as Python writes it, in double quotes where that is possible."""
    plain = repr(text)
    return plain if '"' in plain or "\\" in plain else f'"{plain[1:-1]}"'


def _laid_out(node: ast.expr, indent: int, before: int) -> str:
    flat = _flat(node)
    if indent + before + len(flat) + 1 <= WIDTH:
        return flat
    inner = indent + 4
    match node:
        case ast.Call() if node.args or node.keywords:
            parts = [_laid_out(one, inner, 0) for one in node.args]
            parts += [f"{one.arg}={_laid_out(one.value, inner, len(one.arg or '') + 1)}" for one in node.keywords]
            begin, end = f"{_flat(node.func)}(", ")"
        case ast.List() if node.elts:
            parts = [_laid_out(one, inner, 0) for one in node.elts]
            begin, end = "[", "]"
        case ast.Dict() if node.keys and all(node.keys):
            keys = [_flat(one) for one in node.keys if one is not None]
            parts = [
                f"{key}: {_laid_out(one, inner, len(key) + 2)}" for key, one in zip(keys, node.values, strict=True)
            ]
            begin, end = "{", "}"
        case _:
            return flat
    lines = "".join(f"{' ' * inner}{one},\n" for one in parts)
    return f"{begin}\n{lines}{' ' * indent}{end}"


def _flat(node: ast.expr) -> str:
    return ast.unparse(_Quoted().visit(node)) if not isinstance(node, ast.Constant) else _constant(node)


def _constant(node: ast.Constant) -> str:
    return quoted(node.value) if isinstance(node.value, str) else ast.unparse(node)


class _Quoted(ast.NodeTransformer):
    """Stands for a text in double quotes, which `ast.unparse` does not write."""

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return ast.Name(id=quoted(node.value)) if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        return node


def _from(module: str, names: list[str]) -> str:
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= WIDTH:
        return line
    return f"from {module} import (\n" + "".join(f"    {one},\n" for one in names) + ")"
