"""Imports an application with other hosts in its code: each text that begins with a URL begins with another instead.

The files stay as they are: a text is replaced in the syntax tree when its module is imported. So requests to a host
that is written into the code reach a fake. A URL that a library has in its own code is not replaced.
"""

from __future__ import annotations

import ast
import importlib.abc
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any


def rewrite_hosts(hosts: Mapping[str, str], *, root: Path) -> None:
    """Replace URLs in the modules of a project that are imported from now on.

    Args:
        hosts: What a text begins with, such as "https://api.stripe.com", and what to put there.
        root: The project's folder; packages that are installed inside it stay as they are.
    """
    if hosts:
        sys.meta_path.insert(0, _Finder(hosts, root.resolve()))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, hosts: Mapping[str, str], root: Path) -> None:
        self._hosts = hosts
        self._root = root

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or type(spec.loader) is not SourceFileLoader or spec.origin is None:
            return None
        file = Path(spec.origin).resolve()
        if not file.is_relative_to(self._root) or "site-packages" in file.parts:
            return None
        spec.loader = _Loader(fullname, spec.origin, self._hosts)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, hosts: Mapping[str, str]) -> None:
        super().__init__(fullname, path)
        self._hosts = hosts

    def get_code(self, fullname: str) -> CodeType:
        """Compile the file, without the bytecode of earlier imports and without leaving any."""
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        """Compile with other hosts."""
        tree = _Rewritten(self._hosts).visit(ast.parse(data, filename=path))
        code: CodeType = compile(tree, path, "exec", dont_inherit=True, optimize=_optimize)
        return code


class _Rewritten(ast.NodeTransformer):
    def __init__(self, hosts: Mapping[str, str]) -> None:
        self._hosts = hosts

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        if isinstance(node.value, str):
            for host, other in self._hosts.items():
                rest = node.value.removeprefix(host)
                # "https://api.stripe.com.evil.org" is another host.
                if rest != node.value and rest[:1] in {"", "/", "?", "#"}:
                    return ast.copy_location(ast.Constant(value=other + rest, kind=node.kind), node)
        return node
