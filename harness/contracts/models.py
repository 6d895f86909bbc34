"""Writes the models of a contract's bodies: a class for each object, and the types of its properties."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from harness.contracts.names import class_name, field_name, free
from harness.contracts.schemas import Schema, Schemas, types_of
from harness.contracts.text import literal, quoted

TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}

FORMATS = {
    "date-time": "AwareDatetime",
    "date": "dt.date",
    "uuid": "UUID",
    "email": "Email",
    "uri": "Uri",
    "url": "Uri",
    "ipv4": "IPv4Address",
    "ipv6": "IPv6Address",
}
"""The types of texts of a format; of others, the format is not checked."""

UNSAID = frozenset(
    {
        *("not", "if", "then", "else", "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas"),
        *("contains", "minProperties", "maxProperties", "unevaluatedProperties", "prefixItems"),
    }
)
"""What a model cannot say."""

RESERVED = frozenset(
    {
        *("str", "int", "float", "bool", "list", "dict", "Any", "Annotated", "Literal", "Field", "Maybe", "UNIQUE"),
        *("Email", "Uri", "UUID", "AwareDatetime", "dt", "IPv4Address", "IPv6Address", "ConfigDict"),
        *("ContractModel", "ContractRoot", "ContractService", "Terms", "Call", "Reply", "operation", "fields"),
    }
)
"""Names that the file has already."""


class Models:
    """The models of one file.

    Attributes:
        left: What they cannot express, one sentence each.

    Args:
        schemas: The schemas.
        taken: Further names that the file has.
    """

    def __init__(self, schemas: Schemas, taken: frozenset[str]) -> None:
        self.left: dict[str, None] = {}
        self._schemas = schemas
        self._names = {*RESERVED, *taken}
        self._components: dict[str, str] = {}
        self._classes: dict[str, str] = {}
        self._writing: list[str] = []
        self._waiting: dict[str, Any] = {}

    def body(self, schema: Any, name: str) -> str:
        """Return the name of the class for a body; "" for one that may be anything.

        Args:
            schema: The schema of the body.
            name: What it is called, unless it is a component.
        """
        written = self._type(schema, name)
        while self._waiting:
            component, waiting = self._waiting.popitem()
            self._object(self._schemas.flat(waiting), component, self._components[component])
        if written in self._classes:
            return written
        if written in {"Any", "dict[str, Any]"}:
            return ""
        made = free(class_name(name), self._names)
        self._names.add(made)
        self._classes[made] = f'class {made}(ContractRoot[{written}]):\n    """{name}."""\n'
        return made

    def text(self) -> str:
        """Return the source of all classes, each behind those that it refers to, as far as that is possible."""
        found: list[str] = []
        entered: set[str] = set()
        # Not by recursion: a class may refer to another one, and so on, for a hundred classes.
        waiting = [(one, False) for one in reversed(self._classes)]
        while waiting:
            name, left = waiting.pop()
            if left:
                found.append(self._classes[name])
            elif name not in entered:
                entered.add(name)
                waiting.append((name, True))
                inside = dict.fromkeys(re.findall(r"\w+", self._classes[name]))
                waiting += [(one, False) for one in reversed(inside) if one in self._classes and one not in entered]
        return "\n\n".join(found)

    def names(self) -> set[str]:
        """Return the names of all classes."""
        return {*self._classes}

    def _type(self, schema: Any, name: str) -> str:
        component = self._schemas.component(schema)
        if component and component in self._components:
            return self._components[component]
        if component and component in self._writing:
            self.left[f"{component}: it contains itself other than as an object; that is Any"] = None
            return "Any"
        if component:
            name = component
            if self._is_plain(schema):
                # Written later, since it may lead to any number of others.
                self._waiting[component] = schema
                return self._named(component, component)
            self._writing.append(component)
        try:
            return self._flat_type(schema, name)
        finally:
            if component:
                self._writing.remove(component)

    def _is_plain(self, schema: Any) -> bool:
        """Whether a schema is of objects with properties, and of nothing else."""
        flat = self._schemas.flat(schema)
        return (
            types_of(flat) == ["object"]
            and bool(self._schemas.properties(flat))
            and not {"oneOf", "anyOf", "enum", "const"} & flat.keys()
        )

    def _named(self, name: str, component: str) -> str:
        made = free(class_name(name), self._names)
        self._names.add(made)
        self._classes[made] = ""
        if component:
            self._components[component] = made
        return made

    def _flat_type(self, schema: Any, name: str) -> str:
        if not isinstance(schema, dict):
            return "Any"
        flat = self._schemas.flat(schema)
        self._note(flat, name)
        types = types_of(flat)
        if isinstance(flat.get("enum"), list) or "const" in flat:
            return self._enum(flat, name)
        base = {key: one for key, one in flat.items() if key not in {"oneOf", "anyOf", "discriminator"}}
        for key in ("oneOf", "anyOf"):
            alternatives = flat.get(key)
            if isinstance(alternatives, list) and alternatives:
                return self._union(base, key, alternatives, name)
        written = [self._one(flat, kind, name) for kind in types] or ["Any"]
        return " | ".join(dict.fromkeys(written))

    def _union(self, base: Schema, key: str, alternatives: list[Any], name: str) -> str:
        said = {one for one in base if one in {"properties", "additionalProperties", "required"}}
        if key == "oneOf" and len([one for one in alternatives if types_of(self._schemas.flat(one)) != ["null"]]) > 1:
            self.left[f"{name}: that only one of its alternatives is valid"] = None
        if said and any("properties" not in self._schemas.flat(one) for one in alternatives):
            # Such as "one of these two properties is required".
            self.left[f"{name}: its alternatives in {key}"] = None
            return self._flat_type({**base, "type": "object"}, name)
        written = [
            self._type({"allOf": [base, one]} if said else one, f"{name}{number}")
            for number, one in enumerate(alternatives, start=1)
        ]
        kinds = [one for one in dict.fromkeys(" | ".join(written).split(" | ")) if one]
        return "Any" if "Any" in kinds else " | ".join(sorted(kinds, key=lambda one: one == "None"))

    def _one(self, flat: Schema, kind: str, name: str) -> str:
        if kind == "object":
            return self._object(flat, name, "")
        if kind == "array":
            inner = self._type(flat.get("items", True), f"{name}Item")
            limits = [*_limits(flat, {"minItems": "min_length", "maxItems": "max_length"})]
            extra = [f"Field({', '.join(limits)})"] if limits else []
            return _annotated(f"list[{inner}]", [*extra, *(["UNIQUE"] if flat.get("uniqueItems") is True else [])])
        if kind in {"integer", "number"}:
            names = {"minimum": "ge", "maximum": "le", "exclusiveMinimum": "gt", "exclusiveMaximum": "lt"}
            limits = [*_limits(flat, {**names, "multipleOf": "multiple_of"})]
            return _annotated(TYPES[kind], [f"Field({', '.join(limits)})"] if limits else [])
        if kind == "string":
            return self._string(flat, name)
        return TYPES.get(kind, "Any")

    def _string(self, flat: Schema, name: str) -> str:
        known = FORMATS.get(str(flat.get("format", "")))
        if known is not None:
            return known
        limits = [*_limits(flat, {"minLength": "min_length", "maxLength": "max_length"})]
        pattern = flat.get("pattern")
        if isinstance(pattern, str):
            try:
                re.compile(pattern)
                limits.append(f"pattern={_raw(pattern)}")
            except re.error:
                self.left[f"{name}: the pattern {pattern!r}, which Python does not know"] = None
        return _annotated("str", [f"Field({', '.join(limits)})"] if limits else [])

    def _enum(self, flat: Schema, name: str) -> str:
        values = [flat["const"]] if "const" in flat else flat["enum"]
        texts = [one for one in values if isinstance(one, str | int) or one is None]
        if len(texts) < len(values) or not texts:
            self.left[f"{name}: values that are neither texts nor whole numbers"] = None
            return "Any"
        null = " | None" if None in texts else ""
        given = [one for one in texts if one is not None]
        return f"Literal[{', '.join(map(literal, given))}]{null}" if given else "None"

    def _object(self, flat: Schema, name: str, made: str) -> str:
        """Write the class of an object, under the name that it has already, if it has one."""
        properties = self._schemas.properties(flat)
        others = flat.get("additionalProperties")
        if not properties:
            inner = self._type(others, f"{name}Value") if isinstance(others, dict) and others else "Any"
            return f"dict[str, {inner}]"
        made = made or self._named(name, "")
        required = flat.get("required", [])
        lines = [*self._extra(others, name)]
        used: set[str] = set()
        for known, inner in properties.items():
            field = free(field_name(known, {*self._names, *dir(BaseModel), *RESERVED}), used)
            used.add(field)
            lines.append(self._field(known, field, inner, f"{made}_{known}", needed=known in required))
        self._classes[made] = f'class {made}(ContractModel):\n    """{_what(flat, name)}"""\n\n' + "".join(lines)
        return made

    def _extra(self, others: Any, name: str) -> Iterator[str]:
        if others is False:
            yield '    model_config = ConfigDict(extra="forbid")\n\n'
        elif isinstance(others, dict) and others:
            yield '    model_config = ConfigDict(extra="allow")\n'
            yield f"    __pydantic_extra__: dict[str, {self._type(others, f'{name}Value')}]\n\n"

    def _field(self, known: str, field: str, inner: Any, name: str, *, needed: bool) -> str:
        flat = self._schemas.flat(inner)
        written = self._type(inner, class_name(name))
        if flat.get("readOnly") is True or flat.get("writeOnly") is True:
            needed = False
        alias = [] if field == known else [f"Field(alias={quoted(known)})"]
        if needed:
            return f"    {field}: {_annotated(written, alias)}\n"
        null = "None" in written.split(" | ") or written == "Any"
        return f"    {field}: {_annotated(written if null else f'Maybe[{written}]', alias)} = None\n"

    def _note(self, flat: Schema, name: str) -> None:
        for one in sorted(UNSAID & flat.keys()):
            self.left[f"{name}: `{one}`"] = None


def _limits(flat: Schema, names: dict[str, str]) -> Iterator[str]:
    for known, name in names.items():
        value = flat.get(known)
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{name}={value!r}"


def _annotated(written: str, extra: list[str]) -> str:
    if not extra:
        return written
    if written.startswith("Annotated[") and written.endswith("]") and _closes(written):
        return f"{written[:-1]}, {', '.join(extra)}]"
    return f"Annotated[{written}, {', '.join(extra)}]"


def _closes(written: str) -> bool:
    """Whether the first bracket is closed by the last."""
    depth = 0
    for at, one in enumerate(written):
        depth += {"[": 1, "]": -1}.get(one, 0)
        if depth == 0 and one == "]":
            return at == len(written) - 1
    return False


def _raw(pattern: str) -> str:
    if "\\" not in pattern or pattern.endswith("\\") or '"' in pattern or "\n" in pattern:
        return quoted(pattern)
    return f'r"{pattern}"'


def _what(flat: Schema, name: str) -> str:
    text = re.sub(r"\s+", " ", str(flat.get("description") or flat.get("title") or "")).strip()
    first = re.sub(r'["\\]', "'", re.split(r"(?<=[.!?])\s", text)[0])[:100].strip() or name
    return f"{first[:1].upper()}{first[1:]}{'' if first.endswith(('.', '!', '?')) else '.'}"
