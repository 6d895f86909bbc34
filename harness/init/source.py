"""The project's Python files as syntax trees: what each name refers to. Nothing is imported."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

FILES = 5000
"""How many files are read at most."""

SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "build", "dist", "runs", "tests", "test"})
"""Folders that hold no application."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """One file.

    Attributes:
        name: As it is imported, such as "shop.activities".
        path: Relative to the project's root.
        tree: Its syntax tree.
    """

    name: str
    path: Path
    tree: ast.Module = field(repr=False)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each imported name refers to, such as {"charge": "shop.activities.charge"}."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for one in node.names:
                    found[one.asname or one.name.partition(".")[0]] = (
                        one.name if one.asname else one.name.partition(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                source = self._source(node)
                found.update({one.asname or one.name: f"{source}.{one.name}" for one in node.names})
        return found

    @cached_property
    def top(self) -> Mapping[str, ast.stmt]:
        """What it defines at its top level: classes, functions and variables."""
        found: dict[str, ast.stmt] = {}
        for node in top_level(self.tree.body):
            for name in _defined(node):
                found.setdefault(name, node)
        return found

    def qualified(self, node: ast.expr) -> str:
        """Return what a name or an attribute refers to, such as "temporalio.workflow.defn"; "" for anything else."""
        if isinstance(node, ast.Name):
            return self.names.get(node.id) or (f"{self.name}.{node.id}" if node.id in self.top else "")
        if isinstance(node, ast.Attribute):
            base = self.qualified(node.value)
            return f"{base}.{node.attr}" if base else ""
        return ""

    def at(self, node: ast.AST) -> str:
        """Return where something is, such as "shop/activities.py:12"."""
        return f"{self.path.as_posix()}:{getattr(node, 'lineno', 1)}"

    def _source(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.path.name == "__init__.py" else self.name.split(".")[:-1]
        return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A class, a function or a variable of the project.

    Attributes:
        module: Where it is.
        node: Its definition.
        owner: The class that it is in, if it is a method.
    """

    module: SourceFile
    node: ast.stmt
    owner: ast.ClassDef | None = None


@dataclass(frozen=True, kw_only=True)
class ProjectSource:
    """The files of a project.

    Attributes:
        root: Its folder.
        modules: By name.
        unread: What could not be read, one sentence each.
    """

    root: Path
    modules: Mapping[str, SourceFile]
    unread: Sequence[str] = ()

    def find(self, name: str, depth: int = 8) -> Definition | None:
        """Return what a qualified name is defined as, in this project; None if it is not from here."""
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            module = self.modules.get(".".join(parts[:length]))
            if module is None or length == len(parts):
                continue
            first, *rest = parts[length:]
            if first in module.top:
                return _inside(Definition(module=module, node=module.top[first]), rest)
            if first in module.names and depth:
                return self.find(".".join([module.names[first], *rest]), depth - 1)
            return None
        return None

    def refers_to(self, module: SourceFile, node: ast.expr) -> Definition | None:
        """Return what an expression of a module refers to in this project."""
        name = module.qualified(node)
        return self.find(name) if name else None

    def functions(self) -> Iterator[Definition]:
        """Yield every function and method at the top level of a module or of a class there."""
        for module in self.modules.values():
            for node in module.top.values():
                if isinstance(node, Function):
                    yield Definition(module=module, node=node)
                elif isinstance(node, ast.ClassDef):
                    for one in node.body:
                        if isinstance(one, Function):
                            yield Definition(module=module, node=one, owner=node)


def read_project(root: Path, *, without: Sequence[Path] = ()) -> ProjectSource:
    """Read the files of a project.

    Args:
        root: Its folder.
        without: Folders that are not read: those of other applications, of scenarios and fakes.
    """
    modules: dict[str, SourceFile] = {}
    unread: list[str] = []
    for path in python_files(root, without=without):
        relative = path.relative_to(root)
        try:
            with warnings.catch_warnings(action="ignore"):
                tree = ast.parse(path.read_bytes(), filename=str(relative))
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None)
            where = f"{relative.as_posix()}:{line}" if line else relative.as_posix()
            unread.append(f"{where} is no Python that {_python()} can read: {getattr(error, 'msg', error)}")
            continue
        except OSError as error:
            unread.append(f"{relative.as_posix()} cannot be read: {error.strerror}")
            continue
        module = SourceFile(name=module_name(root, relative), path=relative, tree=tree)
        modules.setdefault(module.name, module)
    return ProjectSource(root=root, modules=modules, unread=unread)


def python_files(root: Path, *, without: Sequence[Path] = ()) -> Iterator[Path]:
    """Yield the files of a project that may be its application: no tests, no packages of others."""
    seen = 0
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        folders[:] = sorted(
            one
            for one in folders
            if one[0] != "."
            and one not in SKIPPED
            and here / one not in without
            and not (here / one / "pyvenv.cfg").exists()
        )
        for name in sorted(files):
            if name.endswith(".py") and not name.startswith("test_") and name != "conftest.py" and seen < FILES:
                seen += 1
                yield here / name


def module_name(root: Path, relative: Path) -> str:
    """Return the name by which a file is imported: from the project's folder, or from its `src`."""
    parts = relative.with_suffix("").parts
    if len(parts) > 1 and parts[0] == "src" and not (root / "src" / "__init__.py").exists():
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def top_level(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module's top level, those inside `with`, `if` and `try` included."""
    for node in body:
        yield node
        if isinstance(node, ast.With | ast.If | ast.Try):
            yield from top_level(node.body)
            yield from top_level(getattr(node, "orelse", []))
            for handler in getattr(node, "handlers", []):
                yield from top_level(handler.body)


def calls_in(node: ast.AST) -> list[ast.Call]:
    """Return the calls in a piece of code, in the order of the source."""
    found = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    return sorted(found, key=lambda one: (one.lineno, one.col_offset))


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return what a call passes under a name."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def decorated(module: SourceFile, node: ast.ClassDef | Function, name: str) -> bool:
    """Whether a class or a function has a decorator, with arguments or without."""
    decorators = (one.func if isinstance(one, ast.Call) else one for one in node.decorator_list)
    return any(module.qualified(one) == name for one in decorators)


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (one.id for one in node.targets if isinstance(one, ast.Name))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def _inside(found: Definition, rest: Sequence[str]) -> Definition | None:
    for name in rest:
        if not isinstance(found.node, ast.ClassDef):
            return None
        member = next((one for one in found.node.body if name in _defined(one)), None)
        if member is None:
            return None
        found = Definition(module=found.module, node=member, owner=found.node)
    return found


def _python() -> str:
    return f"Python {sys.version_info.major}.{sys.version_info.minor}"
