"""Makes an example of a type, as its annotation says: for a workflow's arguments, and for a service's answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.init.source import Definition, ProjectSource, SourceFile

DEEPEST = 6
"""How deep a class may have others in it."""

LISTS = frozenset({"list", "List", "Sequence", "Iterable", "Collection", "set", "Set", "frozenset"})
MAPPINGS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "Any", "object"})


@dataclass(frozen=True, kw_only=True)
class Made:
    """An instance of a class of the project.

    Attributes:
        module: Where the class is imported from.
        name: Its name.
        fields: Its fields that have no default, by name.
        mapping: Whether it is a dict with these keys.
    """

    module: str
    name: str
    fields: Mapping[str, Example]
    mapping: bool = False


@dataclass(frozen=True, kw_only=True)
class NamedValue:
    """A value of the standard library, or a member of an enumeration.

    Attributes:
        module: Where its class is imported from.
        name: What is imported.
        source: The expression.
        json: The same as JSON.
    """

    module: str
    name: str
    source: str
    json: Any


Example = Made | NamedValue | list[Any] | dict[str, Any] | str | int | float | bytes | None

STANDARD: Mapping[str, NamedValue] = {
    "datetime": NamedValue(
        module="datetime", name="datetime", source="datetime(2026, 1, 31)", json="2026-01-31T00:00:00+00:00"
    ),
    "date": NamedValue(module="datetime", name="date", source="date(2026, 1, 31)", json="2026-01-31"),
    "time": NamedValue(module="datetime", name="time", source="time(12)", json="12:00:00"),
    "timedelta": NamedValue(module="datetime", name="timedelta", source="timedelta(seconds=1)", json=1),
    "Decimal": NamedValue(module="decimal", name="Decimal", source='Decimal("1.00")', json="1.00"),
    "UUID": NamedValue(module="uuid", name="UUID", source="UUID(int=1)", json="00000000-0000-0000-0000-000000000001"),
}


class Examples:
    """Makes examples of the types in a project."""

    def __init__(self, project: ProjectSource) -> None:
        self._project = project

    def of(self, annotation: ast.expr | None, module: SourceFile, *, name: str, depth: int = DEEPEST) -> Example:
        """Return an example of a type.

        Args:
            annotation: The type; None for none.
            module: Where the annotation is.
            name: Of the field or parameter, which often says what it holds.
            depth: How deep it may have others in it.
        """
        match annotation:
            case None:
                return of_name(name)
            case ast.Constant(value=str() as text):
                return self._parsed(text, module, name, depth)
            case ast.Constant():
                return None
            case ast.BinOp(op=ast.BitOr()):
                return self._first_of([annotation.left, annotation.right], module, name, depth)
            case ast.Subscript():
                return self._subscript(annotation, module, name, depth)
        return self._named(annotation, module, name, depth)

    def arguments(self, parameters: ast.arguments, module: SourceFile) -> list[Example]:
        """Return examples of the parameters of a method that have no default."""
        given = [*parameters.posonlyargs, *parameters.args][1:]
        needed = given[: len(given) - len(parameters.defaults)] if parameters.defaults else given
        return [self.of(one.annotation, module, name=one.arg) for one in needed]

    def _parsed(self, text: str, module: SourceFile, name: str, depth: int) -> Example:
        try:
            return self.of(ast.parse(text, mode="eval").body, module, name=name, depth=depth)
        except SyntaxError:
            return of_name(name)

    def _first_of(self, kinds: Sequence[ast.expr], module: SourceFile, name: str, depth: int) -> Example:
        first = next((one for one in kinds if not (isinstance(one, ast.Constant) and one.value is None)), None)
        return self.of(first, module, name=name, depth=depth)

    def _subscript(self, annotation: ast.Subscript, module: SourceFile, name: str, depth: int) -> Example:
        inner = annotation.slice
        kinds = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        match _last(annotation.value):
            case "Optional" | "Union" | "Annotated" | "Required" | "NotRequired" | "Final" | "ClassVar":
                return self._first_of(kinds, module, name, depth)
            case "Literal":
                return kinds[0].value if isinstance(kinds[0], ast.Constant) else of_name(name)  # type: ignore[return-value]
            case kind if kind in LISTS:
                return [self.of(kinds[0], module, name=_one_of(name), depth=depth - 1)]
            case "tuple" | "Tuple":
                several = [one for one in kinds if not (isinstance(one, ast.Constant) and one.value is ...)]
                return [self.of(one, module, name=_one_of(name), depth=depth - 1) for one in several]
            case _:
                return {}

    def _named(  # noqa: C901, PLR0911 - one for each type
        self, annotation: ast.expr, module: SourceFile, name: str, depth: int
    ) -> Example:
        found = self._project.refers_to(module, annotation)
        if found is not None and isinstance(found.node, ast.ClassDef):
            return self._made(found, found.node, depth) if depth else None
        if found is not None and isinstance(found.node, ast.Assign):
            return self.of(found.node.value, found.module, name=name, depth=depth - 1) if depth else None
        match _last(annotation):
            case "str":
                return of_name(name) if isinstance(of_name(name), str) else f"{name}-1"
            case "bool":
                return name.startswith(("is_", "has_", "approve", "confirm", "accept", "success", "ok"))
            case "int":
                return 100 if _is_money(name) else 1
            case "float":
                return 1.0
            case "bytes":
                return b"1"
            case kind if kind in LISTS:
                return []
            case kind if kind in STANDARD:
                return STANDARD[kind]
            case kind if kind in MAPPINGS:
                return {}
        return of_name(name)

    def _made(self, found: Definition, node: ast.ClassDef, depth: int) -> Example:
        bases = {_last(base) for base in node.bases}
        where = found.module.name
        if bases & {"Enum", "IntEnum", "StrEnum", "Flag"}:
            for one in node.body:
                if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
                    member = one.targets[0].id
                    value = one.value.value if isinstance(one.value, ast.Constant) else member
                    return NamedValue(module=where, name=node.name, source=f"{node.name}.{member}", json=value)
        fields = {
            name: self.of(annotation, module, name=name, depth=depth - 1)
            for name, annotation, module in self._fields(found, node)
        }
        return Made(module=where, name=node.name, fields=fields, mapping="TypedDict" in bases)

    def _fields(self, found: Definition, node: ast.ClassDef) -> Iterator[tuple[str, ast.expr, SourceFile]]:
        """Yield the fields of a class that need a value, those of its bases first."""
        for base in node.bases:
            inherited = self._project.refers_to(found.module, base)
            if inherited is not None and isinstance(inherited.node, ast.ClassDef):
                yield from self._fields(inherited, inherited.node)
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and _needed(one):
                yield one.target.id, one.annotation, found.module
            elif isinstance(one, ast.FunctionDef) and one.name == "__init__":
                parameters = one.args.args[1 : len(one.args.args) - len(one.args.defaults)]
                yield from ((each.arg, each.annotation or ast.Name(id="str"), found.module) for each in parameters)


def of_name(name: str) -> Example:  # noqa: PLR0911 - one for each kind of name
    """Return an example for a name alone, such as "order_id" or "amount"."""
    low = name.lower()
    if _is_money(low):
        return 100
    if low in {"quantity", "count", "number", "size", "nights", "seats"}:
        return 1
    if low.startswith(("is_", "has_")) or low in {"ok", "success", "approved", "available", "accepted", "valid"}:
        return True
    if "email" in low:
        return "ada@example.com"
    if "currency" in low:
        return "EUR"
    if low.endswith(("url", "uri")):
        return "https://example.com"
    return f"{name or 'value'}-1"


def as_json(example: Example) -> Any:
    """Return an example as a service would send it."""
    match example:
        case Made():
            return {name: as_json(one) for name, one in example.fields.items()}
        case NamedValue():
            return example.json
        case list():
            return [as_json(one) for one in example]
        case bytes():
            return example.decode()
    return example


def as_source(example: Example, imports: set[tuple[str, str]]) -> str:
    """Return an example as Python; what it needs is added to `imports`, each a module and a name."""
    match example:
        case Made():
            if not example.mapping:
                imports.add((example.module, example.name))
                inner = ", ".join(f"{name}={as_source(one, imports)}" for name, one in example.fields.items())
                return f"{example.name}({inner})"
            return f"{{{', '.join(f'{name!r}: {as_source(one, imports)}' for name, one in example.fields.items())}}}"
        case NamedValue():
            imports.add((example.module, example.name))
            return example.source
        case list():
            return f"[{', '.join(as_source(one, imports) for one in example)}]"
    return repr(example)


def _needed(field: ast.AnnAssign) -> bool:
    """Whether a field has no default."""
    if _last(field.annotation) == "ClassVar":
        return False
    if field.value is None:
        return True
    call = field.value
    if isinstance(call, ast.Call) and _last(call.func) in {"Field", "field"}:
        has_default = any(one.arg in {"default", "default_factory", "factory"} for one in call.keywords)
        first = call.args[0] if call.args else None
        return not has_default and (first is None or (isinstance(first, ast.Constant) and first.value is ...))
    return isinstance(call, ast.Constant) and call.value is ...


def _one_of(name: str) -> str:
    return name.removesuffix("s")


def _is_money(name: str) -> bool:
    return any(word in name.lower() for word in ("amount", "cents", "price", "total", "cost"))


def _last(node: ast.expr) -> str:
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return node.attr
        case ast.Subscript():
            return _last(node.value)
        case _:
            return ""
