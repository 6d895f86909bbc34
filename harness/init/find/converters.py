"""Finds the data converter or the payload codec that the clients are connected with."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence
from dataclasses import dataclass

from harness.init.find.programs import CONNECT, FoundProgram
from harness.init.source import Function, ProjectSource, SourceFile, calls_in, keyword
from harness.init.values import Scope, assignments


@dataclass(frozen=True, kw_only=True)
class FoundConverter:
    """A data converter.

    Attributes:
        source: The expression, in which every name is imported or built in; "" if it needs what only runs there.
        imports: What it needs, each a module and a name.
        place: Where it is given to the client.
    """

    source: str
    imports: Sequence[tuple[str, str]]
    place: str


def find_converter(project: ProjectSource, program: FoundProgram | None) -> FoundConverter | None:
    """Return the data converter of a program's client, or else of any client of the project; None for the SDK's."""
    modules = list(project.modules.values())
    if program is not None:
        modules.sort(key=lambda one: one is not program.module)
    for module in modules:
        for call in calls_in(module.tree):
            given = keyword(call, "data_converter")
            if given is not None and module.qualified(call.func) == CONNECT:
                function = next(
                    (one for one in ast.walk(module.tree) if isinstance(one, Function) and _has(one, call)), None
                )
                return _converter(module, given, Scope(module=module, function=function))
    return None


def _converter(module: SourceFile, given: ast.expr, scope: Scope) -> FoundConverter:
    imports: set[tuple[str, str]] = set()
    inlined = _Inlined(module, scope, imports)
    source = ast.unparse(inlined.visit(ast.parse(ast.unparse(given), mode="eval").body))
    whole = not inlined.unknown
    return FoundConverter(
        source=source if whole else "", imports=sorted(imports) if whole else [], place=module.at(given)
    )


class _Inlined(ast.NodeTransformer):
    """Replaces the variables of a function by what they are set to, and notes what must be imported."""

    def __init__(self, module: SourceFile, scope: Scope, imports: set[tuple[str, str]], depth: int = 6) -> None:
        self._module = module
        self._scope = scope
        self._imports = imports
        self._depth = depth
        self.unknown = False

    def visit_Name(self, node: ast.Name) -> ast.expr:
        inside = [] if self._scope.function is None else [*assignments(self._scope.function, node.id)]
        if len(inside) == 1 and self._depth:
            inner = _Inlined(self._module, self._scope, self._imports, self._depth - 1)
            found: ast.expr = inner.visit(ast.parse(ast.unparse(inside[0]), mode="eval").body)
            self.unknown = self.unknown or inner.unknown
            return found
        if node.id in self._module.names:
            home, _, name = self._module.names[node.id].rpartition(".")
            # `import x` has no module that it comes from.
            self._imports.add((home, f"{name} as {node.id}" if name != node.id else name))
        elif node.id in self._module.top:
            self._imports.add((self._module.name, node.id))
        elif not hasattr(builtins, node.id):
            self.unknown = True
        return node

    def visit_Await(self, node: ast.Await) -> ast.expr:
        self.unknown = True
        return node


def _has(function: ast.AST, call: ast.Call) -> bool:
    return any(one is call for one in ast.walk(function))
