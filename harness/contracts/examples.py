"""Finds an example for a schema: the contract's own where it is valid, else one composed from what the schema says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, UnknownType
from jsonschema.validators import extend
from rstr import Rstr

from harness.contracts.document import Document
from harness.contracts.schemas import Schema, Schemas, types_of

DEPTH = 3
"""How deep optional properties are composed."""

TRIES, SHORT = 50, 24
"""How often a text for a pattern is drawn, unless it is short."""

FORMATS = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "P1D",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "uri": "https://example.com/1",
    "url": "https://example.com/1",
    "uri-reference": "https://example.com/1",
    "iri": "https://example.com/1",
    "uuid": "3f0c1f2e-5a7b-4c8d-9e0f-000000000001",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "example.com",
    "byte": "aGVsbG8=",
    "password": "hidden",
}
"""A text of each format."""


class Nothing(Exception):  # noqa: N818 - a state of the schema
    """No value that is valid was found."""


class ExampleFinder:
    """The examples of a document.

    Args:
        document: The document.
        schemas: Its schemas.
    """

    def __init__(self, document: Document, schemas: Schemas) -> None:
        self._schemas = schemas
        self._whole = {key: document.data[key] for key in ("components", "paths") if key in document.data}
        self._found: dict[str, Any] = {}
        self._making: set[str] = set()
        self._composed_once: dict[tuple[str, int], Any] = {}

    def of(self, schema: Any, given: list[Any]) -> tuple[Any, str]:
        """Return an example of an answer, and what is wrong with those that the contract has, if so.

        Args:
            schema: The answer's schema.
            given: The contract's examples beside the schema, the likeliest first.

        Raises:
            Nothing: No valid one can be found.
        """
        component = self._schemas.component(schema)
        wrong = ""
        for one in given:
            if self.valid(schema, one):
                # The contract's own example is an example of the component everywhere else, too.
                return (self._found.setdefault(component, one) if component else one), ""
            wrong = "its example is not valid by its schema"
        if not component:
            return self._composed(schema), wrong
        if component not in self._found:
            self._making.add(component)
            try:
                self._found[component] = self._composed(schema)
            finally:
                self._making.discard(component)
        return self._found[component], wrong

    def valid(self, schema: Any, value: Any) -> bool:
        """Whether a value is valid."""
        try:
            json.dumps(value, allow_nan=False)
        except (ValueError, TypeError):
            return False
        if not isinstance(schema, dict):
            return schema is not False
        # What only requests have is no part of an answer.
        validator = _Validator({**self._whole, **schema}, format_checker=FormatChecker())
        try:
            return bool(validator.is_valid(value))
        except (SchemaError, UnknownType, RecursionError, ValueError, TypeError, LookupError):
            return False

    def _composed(self, schema: Any) -> Any:
        for optional in (DEPTH, 1, 0):
            try:
                value = self._value(schema, "value", optional, ())
            except (Nothing, RecursionError):
                continue
            if self.valid(schema, value):
                return value
        raise Nothing

    def _value(self, schema: Any, name: str, optional: int, inside: tuple[int, ...]) -> Any:
        if schema is True or schema == {}:
            return name
        flat = self._schemas.flat(schema)
        if inside.count(id(flat)) > 1 or not isinstance(schema, dict):
            raise Nothing
        within = (*inside, id(flat))
        known = self._schemas.component(schema)
        if (known, optional) in self._composed_once:
            return self._composed_once[known, optional]
        value = self._of_flat(flat, known, name, optional, within)
        if known:
            self._composed_once[known, optional] = value
        return value

    def _of_flat(self, flat: Schema, known: str, name: str, optional: int, within: tuple[int, ...]) -> Any:
        for one in [*([self._found[known]] if known in self._found else []), *_given(flat)]:
            if self.valid(flat, one):
                return one
        for alternatives in (flat.get("oneOf"), flat.get("anyOf")):
            if isinstance(alternatives, list) and alternatives:
                return self._alternative(flat, alternatives, name, optional, within)
        return self._typed(flat, name, optional, within)

    def _alternative(
        self, flat: Schema, alternatives: list[Any], name: str, optional: int, within: tuple[int, ...]
    ) -> Any:
        base = {key: one for key, one in flat.items() if key not in {"oneOf", "anyOf"}}
        for one in alternatives:
            merged = {"allOf": [base, one]} if base else one
            try:
                value = self._value(merged, name, optional, within)
            except Nothing:
                continue
            if self.valid({**flat}, value):
                return value
        raise Nothing

    def _typed(self, flat: Schema, name: str, optional: int, within: tuple[int, ...]) -> Any:
        types = types_of(flat)
        kind = next((one for one in types if one != "null"), "null" if types else "")
        match kind:
            case "object":
                return self._object(flat, optional, within)
            case "array":
                return self._array(flat, name, optional, within)
            case "integer" | "number":
                return _number(flat, whole=kind == "integer")
            case "boolean" | "null":
                return True if kind == "boolean" else None
            case _:
                return _text(flat, name)

    def _object(self, flat: Schema, optional: int, within: tuple[int, ...]) -> dict[str, Any]:
        required = [one for one in flat.get("required", []) if isinstance(one, str)]
        made: dict[str, Any] = {}
        for name, inner in self._schemas.properties(flat).items():
            if self._schemas.flat(inner).get("writeOnly") is True:
                continue
            if name not in required and not optional:
                continue
            try:
                made[name] = self._value(inner, name, max(0, optional - 1), within)
            except Nothing:
                if name in required:
                    raise
        others = flat.get("additionalProperties", True)
        for name in required:
            if name not in made and name not in self._schemas.properties(flat):
                made[name] = self._value(others, name, optional, within)
        return made

    def _array(self, flat: Schema, name: str, optional: int, within: tuple[int, ...]) -> list[Any]:
        least = int(flat.get("minItems", 0))
        first = flat.get("prefixItems")
        if isinstance(first, list):
            return [self._value(one, name, optional, within) for one in first]
        if not least and not optional:
            return []
        component = self._schemas.component(flat.get("items"))
        if component in self._making and not least:
            return []
        try:
            if component and optional >= DEPTH - 1:
                # What a list consists of looks as it does alone.
                one, _ = self.of(flat["items"], [])
            else:
                one = self._value(flat.get("items", True), name.removesuffix("s") or name, max(0, optional - 1), within)
        except Nothing:
            if least:
                raise
            return []
        if flat.get("uniqueItems") and least > 1:
            values = self._schemas.flat(flat.get("items")).get("enum", [one])
            return list(values[:least]) if len(values) >= least else [_numbered(one, at) for at in range(least)]
        return [one] * max(1, least) if int(flat.get("maxItems", 1)) else []


def _strict_required(validator: Any, required: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """What only requests have need not be in an answer."""
    properties = schema.get("properties", {})
    left = [one for one in required if not (isinstance(properties.get(one), dict) and properties[one].get("writeOnly"))]
    yield from Draft202012Validator.VALIDATORS["required"](validator, left, instance, schema)


_Validator: Any = extend(  # type: ignore[no-untyped-call]  # jsonschema's has no types
    Draft202012Validator, {"required": _strict_required}
)


def _given(flat: Schema) -> Iterator[Any]:
    if "example" in flat:
        yield flat["example"]
    if isinstance(flat.get("examples"), list):
        yield from flat["examples"]
    for key in ("const", "default"):
        if key in flat:
            yield flat[key]
    if isinstance(flat.get("enum"), list):
        yield from flat["enum"]


def _text(flat: Schema, name: str) -> str:
    least, most = int(flat.get("minLength", 0)), flat.get("maxLength")
    if isinstance(flat.get("pattern"), str):
        return _matching(flat["pattern"], least, most)
    found = FORMATS.get(str(flat.get("format")), name)
    if flat.get("format") not in FORMATS:
        found = found.ljust(least, "x")[: most if isinstance(most, int) else None]
    return found


@cache
def _matching(pattern: str, least: int, most: Any) -> str:
    # Seeded: the same contract always makes the same fake.
    maker = Rstr(Random(0))  # noqa: S311 - no secret
    best = ""
    for _ in range(TRIES):
        try:
            made: str = maker.xeger(pattern)
        except Exception as error:
            # Whatever an expression that Python does not know makes of it.
            raise Nothing from error
        if (
            least <= len(made)
            and (not isinstance(most, int) or len(made) <= most)
            and (not best or len(made) < len(best))
        ):
            best = made
        if best and len(best) <= max(least, SHORT):
            break
    if not best:
        raise Nothing
    return best


def _number(flat: Schema, *, whole: bool) -> float:
    step = flat.get("multipleOf", 1 if whole else 0)
    low, high = flat.get("minimum"), flat.get("maximum")
    above, below = flat.get("exclusiveMinimum"), flat.get("exclusiveMaximum")
    value: float = 1
    if low is not None:
        value = max(value, low)
    if above is not None and value <= above:
        value = above + (step or 1)
    if high is not None:
        value = min(value, high)
    if below is not None and value >= below:
        value = below - (step or 0.5)
    if step:
        value = -(-value // step) * step
        if (high is not None and value > high) or (below is not None and value >= below):
            value -= step
    return int(value) if whole or float(value).is_integer() else value


def _numbered(value: Any, number: int) -> Any:
    return value + number if isinstance(value, int) else f"{value}{number}" if isinstance(value, str) else value
