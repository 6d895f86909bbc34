"""What an expression is, as far as the code says: a text with the environment variables and the variables in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from harness.init.source import Definition, Function, ProjectSource, SourceFile, keyword

DEEPEST = 12
"""How many definitions are followed."""

READERS = frozenset({"os.environ.get", "os.getenv", "decouple.config", "environs.env", "environs.env.str"})
"""Calls that read an environment variable."""

UNCHANGED = frozenset({"rstrip", "lstrip", "strip", "removesuffix", "str", "URL", "AnyHttpUrl", "HttpUrl", "cast"})
"""Calls that leave a URL what it is, for our purpose."""


@dataclass(frozen=True, kw_only=True)
class Env:
    """An environment variable.

    Attributes:
        name: Its name.
        default: What is used without it; None if the code fails then.
    """

    name: str
    default: str | None = None


@dataclass(frozen=True, kw_only=True)
class Hole:
    """What is known only while the code runs."""

    name: str


_PERCENT, _BRACES = re.compile(r"%[sdr]"), re.compile(r"\{[^{}]*\}")

Piece = str | Env | Hole


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Where an expression is.

    Attributes:
        module: The file.
        function: The function around it, if any.
        owner: The class around that, if any.
    """

    module: SourceFile
    function: Function | None = None
    owner: ast.ClassDef | None = None

    @staticmethod
    def of(found: Definition) -> Scope:
        """Return the inside of a function, or the place of any other definition."""
        function = found.node if isinstance(found.node, Function) else None
        return Scope(module=found.module, function=function, owner=found.owner)


class Values:
    """Evaluates expressions of a project."""

    def __init__(self, project: ProjectSource) -> None:
        self._project = project

    def text(self, node: ast.expr | None, scope: Scope, depth: int = DEEPEST) -> tuple[Piece, ...]:
        """Return the pieces of a text."""
        if node is None or not depth:
            return (Hole(name="value"),)
        return tuple(_joined(self._pieces(node, scope, depth - 1)))

    def constant(self, node: ast.expr | None, scope: Scope) -> str | None:
        """Return a text that the code knows, an environment variable's default included; None for any other."""
        pieces = self.text(node, scope)
        plain = [one.default if isinstance(one, Env) else one for one in pieces]
        return "".join(map(str, plain)) if all(isinstance(one, str) for one in plain) else None

    def assigned(self, node: ast.expr, scope: Scope) -> tuple[ast.expr, Scope] | None:
        """Return what a variable or an attribute was set to, and where; None if that is not known."""
        if isinstance(node, ast.Name):
            inside = [] if scope.function is None else [*assignments(scope.function, node.id)]
            if inside:
                return inside[0], scope
            if scope.function is not None and node.id in _parameters(scope.function):
                default = _default(scope.function, node.id)
                return None if default is None else (default, replace(scope, function=None))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in {"self", "cls"}:
            return self._attribute_of(scope, node.attr)
        found = self._project.refers_to(scope.module, node)
        if found is not None and isinstance(found.node, ast.Assign | ast.AnnAssign) and found.node.value is not None:
            return found.node.value, Scope(module=found.module, owner=found.owner)
        return None

    def class_of(  # noqa: PLR0911 - one for each form of an expression
        self, node: ast.expr, scope: Scope, depth: int = DEEPEST
    ) -> Definition | None:
        """Return the project's class that an expression is an instance of; None if that is not known."""
        if not depth:
            return None
        if isinstance(node, ast.Await):
            return self.class_of(node.value, scope, depth - 1)
        if isinstance(node, ast.Call):
            found = self._project.refers_to(scope.module, node.func)
            if found is None or isinstance(found.node, ast.ClassDef):
                return found
            if isinstance(found.node, Function):
                for returned in _returned(found.node):
                    return self.class_of(returned, Scope.of(found), depth - 1)
            return None
        if isinstance(node, ast.Name) and scope.function is not None:
            annotation = _parameters(scope.function).get(node.id)
            if annotation is not None:
                found = self._project.refers_to(scope.module, annotation)
                return found if found is not None and isinstance(found.node, ast.ClassDef) else None
        assigned = self.assigned(node, scope)
        return None if assigned is None else self.class_of(*assigned, depth - 1)

    def _pieces(  # noqa: C901 - one line for each form of an expression
        self, node: ast.expr, scope: Scope, depth: int
    ) -> Iterator[Piece]:
        match node:
            case ast.Constant(value=str() as value):
                yield value
            case ast.JoinedStr():
                for one in node.values:
                    yield from self.text(one, scope, depth)
            case ast.FormattedValue():
                yield from self.text(node.value, scope, depth)
            case ast.BinOp(op=ast.Add()):
                yield from self.text(node.left, scope, depth)
                yield from self.text(node.right, scope, depth)
            case ast.BinOp(op=ast.Mod()):
                given = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
                yield from self._filled(node.left, _PERCENT, given, scope, depth)
            case ast.BoolOp(op=ast.Or()):
                yield from self._first_of(node.values, scope, depth)
            case ast.IfExp():
                yield from self.text(node.body, scope, depth)
            case ast.Subscript() if scope.module.qualified(node.value) == "os.environ":
                yield Env(name=self.constant(node.slice, scope) or "value")
            case ast.Call():
                yield from self._called(node, scope, depth)
            case ast.Name() | ast.Attribute():
                yield from self._named(node, scope, depth)
            case _:
                yield Hole(name=_label(node))

    def _filled(
        self, template: ast.expr, gap: re.Pattern[str], given: Sequence[ast.expr], scope: Scope, depth: int
    ) -> Iterator[Piece]:
        """Yield the pieces of a template, with what fills its gaps, in the order in which it is given."""
        values = iter(given)
        for piece in self.text(template, scope, depth):
            if not isinstance(piece, str):
                yield piece
                continue
            first, *rest = gap.split(piece)
            yield first
            for after in rest:
                value = next(values, None)
                yield from (Hole(name="value"),) if value is None else self.text(value, scope, depth)
                yield after

    def _first_of(self, values: Sequence[ast.expr], scope: Scope, depth: int) -> tuple[Piece, ...]:
        first = self.text(values[0], scope, depth)
        if len(first) == 1 and isinstance(first[0], Env) and first[0].default in {None, ""}:
            return (Env(name=first[0].name, default=self.constant(values[1], scope)),)
        return first

    def _called(self, node: ast.Call, scope: Scope, depth: int) -> Iterator[Piece]:
        name = scope.module.qualified(node.func)
        last = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in READERS and node.args:
            default = node.args[1] if len(node.args) > 1 else keyword(node, "default")
            text = None if default is None else self.constant(default, scope)
            yield Env(name=self.constant(node.args[0], scope) or "value", default=text)
        elif last == "format" and isinstance(node.func, ast.Attribute):
            given = [*node.args, *(one.value for one in node.keywords)]
            yield from self._filled(node.func.value, _BRACES, given, scope, depth)
        elif last in UNCHANGED:
            inner = node.func.value if isinstance(node.func, ast.Attribute) and not name else None
            yield from self.text(inner or (node.args[-1] if node.args else None), scope, depth)
        elif last == "urljoin" and len(node.args) > 1:
            yield from self.text(node.args[0], scope, depth)
            yield from self.text(node.args[1], scope, depth)
        else:
            found = self._project.refers_to(scope.module, node.func)
            returned = [*_returned(found.node)] if found is not None and isinstance(found.node, Function) else []
            if found is not None and returned:
                yield from self.text(returned[0], Scope.of(found), depth)
            else:
                yield Hole(name=_label(node.func))

    def _named(self, node: ast.Name | ast.Attribute, scope: Scope, depth: int) -> Iterator[Piece]:
        assigned = self.assigned(node, scope)
        if assigned is not None:
            yield from self.text(*assigned, depth)
            return
        if isinstance(node, ast.Attribute):
            owner = self.class_of(node.value, scope)
            if owner is not None and isinstance(owner.node, ast.ClassDef):
                yield from self._field(owner, owner.node, node.attr, depth)
                return
        yield Hole(name=_label(node))

    def _field(self, found: Definition, owner: ast.ClassDef, name: str, depth: int) -> Iterator[Piece]:
        """What a field of a class is: for settings of pydantic, an environment variable."""
        default = next((value for one in owner.body if _target(one) == name and (value := _value(one))), None)
        scope = Scope(module=found.module, owner=owner)
        if any(_label(base).endswith("BaseSettings") for base in owner.bases):
            made = default if isinstance(default, ast.Call) and _is_field(default) else None
            alias = None if made is None else keyword(made, "validation_alias") or keyword(made, "env")
            inner = default if made is None else next(iter(made.args), keyword(made, "default"))
            prefix = self._prefix(owner, scope)
            variable = self.constant(alias, scope) if alias is not None else f"{prefix}{name}".upper()
            yield Env(name=variable or name.upper(), default=None if inner is None else self.constant(inner, scope))
        elif default is not None:
            yield from self.text(default, scope, depth)
        else:
            assigned = self._attribute_of(scope, name)
            yield from (Hole(name=name),) if assigned is None else self.text(*assigned, depth)

    def _prefix(self, owner: ast.ClassDef, scope: Scope) -> str:
        for node in ast.walk(owner):
            if isinstance(node, ast.Call) and (given := keyword(node, "env_prefix")) is not None:
                return self.constant(given, scope) or ""
            if isinstance(node, ast.Assign) and _target(node) == "env_prefix":
                return self.constant(node.value, scope) or ""
        return ""

    def _attribute_of(self, scope: Scope, name: str) -> tuple[ast.expr, Scope] | None:
        """Return what `self.name` is set to in the methods of the class."""
        if scope.owner is None:
            return None
        for node in scope.owner.body:
            if _target(node) == name and _value(node) is not None:
                return _value(node), replace(scope, function=None)  # type: ignore[return-value]
            for method in [node] if isinstance(node, Function) else []:
                for one in ast.walk(method):
                    target = one.targets[0] if isinstance(one, ast.Assign) else getattr(one, "target", None)
                    named = isinstance(target, ast.Attribute) and target.attr == name
                    if isinstance(one, ast.Assign | ast.AnnAssign) and named and one.value is not None:
                        return one.value, replace(scope, function=method)
        return None


def assignments(function: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what a variable is set to in a function, `with ... as` included."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and _target(node) == name:
            if node.value is not None:
                yield node.value
        elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
            yield from [node.context_expr] if node.optional_vars.id == name else []


def _is_field(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Call) and _label(node.func) in {"Field", "field"}


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Join texts that stand side by side."""
    text = ""
    for one in pieces:
        if isinstance(one, str):
            text += one
        else:
            if text:
                yield text
            text = ""
            yield one
    if text:
        yield text


def _parameters(function: Function) -> dict[str, ast.expr | None]:
    given = function.args
    return {one.arg: one.annotation for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)}


def _default(function: Function, name: str) -> ast.expr | None:
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults = dict(zip([one.arg for one in positional][::-1], given.defaults[::-1], strict=False))
    defaults |= {one.arg: value for one, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value}
    return defaults.get(name)


def _returned(function: Function) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield node.value


def _target(node: ast.AST) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return target.id if isinstance(target, ast.Name) else ""


def _value(node: ast.AST) -> ast.expr | None:
    return node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None


def _label(node: ast.expr) -> str:
    """Return the last name in an expression: what a reader would call its value."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Call():
            return _label(node.args[0]) if node.args else _label(node.func)
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
        case _:
            return "value"
