"""Finds what the code reads of an HTTP answer: its fields, with values that let the code go on."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.init.find.examples import Examples, as_json, of_name
from harness.init.source import ProjectSource
from harness.init.values import Scope

MODELS = frozenset({"model_validate", "parse_obj", "from_dict", "validate_python"})
NUMBERS: Mapping[str, Any] = {"int": 1, "float": 1.0, "Decimal": "1.00", "bool": True, "str": "1"}


@dataclass(frozen=True, kw_only=True)
class FoundAnswer:
    """What is read of an answer.

    Attributes:
        body: An example that has every field that is read.
        status: The status that the code compares with as good; None if it compares with none.
    """

    body: Any = field(default_factory=dict)
    status: int | None = None


def answer_of(calls: Sequence[tuple[ast.Call, Scope]], project: ProjectSource) -> FoundAnswer:
    """Return what the code reads of an answer.

    Args:
        calls: The request, then the call of the function around it, and so on outwards: where a function returns the
            whole body, its caller reads it.
        project: The files.
    """
    (call, scope), *outer = calls
    reading = _Reading(call, scope, project)
    body = reading.body()
    while outer and reading.returns_body():
        call, scope = outer.pop(0)
        reading = _Reading(call, scope, project, is_body=True)
        body = _merged(body, reading.body())
    return FoundAnswer(body=body, status=_Reading(*calls[0], project).status())


def _merged(known: Any, more: Any) -> Any:
    return {**known, **more} if isinstance(known, dict) and isinstance(more, dict) else more or known


class _Reading:
    def __init__(self, call: ast.Call, scope: Scope, project: ProjectSource, *, is_body: bool = False) -> None:
        assert scope.function is not None  # noqa: S101 - a request is in a function
        self._call = call
        self._is_body = is_body
        self._scope = scope
        self._examples = Examples(project)
        self._function = scope.function
        self._parents = {child: node for node in ast.walk(scope.function) for child in ast.iter_child_nodes(node)}
        self._answers = {name for name, value in self._assigned() if _bare(value) is call}
        # By variable, the way to it from the whole body.
        self._parts: dict[str, tuple[str | int, ...]] = {}
        for name, value in self._assigned():
            way = self._way(value)
            if way is not None:
                self._parts[name] = way

    def body(self) -> Any:
        """Return an example of the body."""
        found: dict[tuple[str | int, ...], Any] = {}
        for node in ast.walk(self._function):
            way = self._way(node) if isinstance(node, ast.expr) else None
            if way is None:
                continue
            value = self._value(node, way)
            if value is not None:
                # What is compared with, or converted, says more than a name does.
                known = way in found and not self._says_more(node)
                found[way] = found[way] if known else value
        return _nested(found)

    def returns_body(self) -> bool:
        """Whether the function returns the whole body."""
        returned = [one.value for one in ast.walk(self._function) if isinstance(one, ast.Return) and one.value]
        return any(self._way(one) == () for one in returned)

    def status(self) -> int | None:
        """Return the status that is compared with."""
        for node in ast.walk(self._function):
            if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute):
                of_answer = isinstance(node.left.value, ast.Name) and node.left.value.id in self._answers
                right = node.comparators[0]
                compared = right.value if isinstance(right, ast.Constant) else None
                good = isinstance(compared, int) and 200 <= compared < 300
                if of_answer and node.left.attr in {"status_code", "status"} and good:
                    return int(str(compared))
        return None

    def _assigned(self) -> Iterator[tuple[str, ast.expr]]:
        for node in ast.walk(self._function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                yield node.targets[0].id, node.value
            elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and isinstance(node.target, ast.Name) and node.value:
                yield node.target.id, node.value
            elif isinstance(node, ast.withitem) and isinstance(node.optional_vars, ast.Name):
                yield node.optional_vars.id, node.context_expr
            elif isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
                first = ast.Subscript(value=node.iter, slice=ast.Constant(value=0), ctx=ast.Load())
                yield node.target.id, first

    def _way(  # noqa: PLR0911 - one for each form of an expression
        self, node: ast.expr
    ) -> tuple[str | int, ...] | None:
        """Return the way from the body to a part of it; None for anything else."""
        match _bare(node):
            case bare if bare is self._call:
                return () if self._is_body else None
            case ast.Call(func=ast.Attribute(attr="json", value=answer)) if self._is_answer(answer):
                return ()
            case ast.Call(func=ast.Attribute(attr="loads"), args=[inner, *_]) if self._reads(inner):
                return ()
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
                way = self._way(inner)
                return None if way is None else (*way, key)
            case ast.Call(func=ast.Attribute(attr="get", value=inner), args=[ast.Constant(value=str() as key), *_]):
                way = self._way(inner)
                return None if way is None else (*way, key)
            case ast.Name(id=name):
                return self._parts.get(name)
        return None

    def _is_answer(self, node: ast.expr) -> bool:
        bare = _bare(node)
        return bare is self._call or (isinstance(bare, ast.Name) and bare.id in self._answers)

    def _reads(self, node: ast.expr) -> bool:
        bare = _bare(node)
        inner = bare.func.value if isinstance(bare, ast.Call) and isinstance(bare.func, ast.Attribute) else bare
        inner = inner.value if isinstance(inner, ast.Attribute) else inner
        return self._is_answer(inner)

    def _value(  # noqa: PLR0911 - one for each use of a value
        self, node: ast.AST, way: tuple[str | int, ...]
    ) -> Any:
        parent = self._parents.get(node)
        if isinstance(parent, ast.Await):
            node, parent = parent, self._parents.get(parent)
        match parent:
            case ast.Compare(comparators=[ast.Constant(value=value), *_]) if value is not None:
                return value
            case ast.Compare(comparators=[ast.Tuple() | ast.List() | ast.Set() as several, *_]) if several.elts:
                first = several.elts[0]
                return first.value if isinstance(first, ast.Constant) else None
            case ast.Call(func=ast.Name(id=name)) if name in NUMBERS:
                return NUMBERS[name]
            case ast.Call(func=ast.Attribute(attr=name, value=model)) if name in MODELS:
                return self._model(model)
            case ast.keyword(arg=None):
                outer = self._parents.get(parent)
                return self._model(outer.func) if isinstance(outer, ast.Call) else None
            case ast.Return() if self._function.returns is not None:
                return as_json(self._examples.of(self._function.returns, self._scope.module, name=_last(way)))
            case ast.For() | ast.comprehension():
                return None
        return of_name(_last(way)) if way and isinstance(way[-1], str) else None

    def _model(self, model: ast.expr) -> Any:
        return as_json(self._examples.of(model, self._scope.module, name=""))

    def _says_more(self, node: ast.AST) -> bool:
        parent = self._parents.get(node)
        return isinstance(parent, ast.Compare | ast.Call | ast.Return)


def _bare(node: ast.expr) -> ast.expr:
    return _bare(node.value) if isinstance(node, ast.Await) else node


def _last(way: tuple[str | int, ...]) -> str:
    return next((one for one in reversed(way) if isinstance(one, str)), "")


def _nested(found: Mapping[tuple[str | int, ...], Any]) -> Any:
    """Return values by their ways as one value."""
    below: dict[str | int, dict[tuple[str | int, ...], Any]] = {}
    for way, value in found.items():
        if way:
            below.setdefault(way[0], {})[way[1:]] = value
    whole = found.get((), {})
    if not below:
        return whole
    if any(isinstance(one, int) for one in below):
        return [_nested(next(iter(below.values())))]
    known = whole if isinstance(whole, dict) else {}
    return {**known, **{str(key): _nested(inner) for key, inner in below.items()}}
