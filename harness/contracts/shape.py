"""Says where a document has something other than OpenAPI has there: a text in place of an object, and the like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

VALUES = frozenset({"example", "examples", "default", "enum", "const"})
"""What holds values, and no parts of the document."""

NAMES = frozenset(
    {
        *("properties", "patternProperties", "dependentSchemas", "$defs", "definitions", "schemas", "responses"),
        *("parameters", "headers", "requestBodies", "paths", "securitySchemes", "callbacks", "webhooks", "links"),
        *("content", "pathItems", "variables"),
    }
)
"""What has names for keys, so that they mean nothing: a property may be called "example"."""

_OBJECTS = (
    *("info", "components", "requestBody", "discriminator", "get", "put", "post", "delete", "patch", "head", "options"),
    *("trace", "properties", "patternProperties", "responses", "headers", "securitySchemes", "content", "schemas"),
    *("requestBodies", "paths", "callbacks", "webhooks", "variables", "links"),
)
_SCHEMAS = ("schema", "items", "additionalProperties", "not", "if", "then", "else")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "enum", "servers", "security")
_NUMBERS = ("minimum", "maximum", "multipleOf")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
_TEXTS = ("$ref", "pattern")

EXPECTED: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(_OBJECTS, (dict,)),
    **dict.fromkeys(_SCHEMAS, (dict, bool)),
    **dict.fromkeys(_LISTS, (list,)),
    **dict.fromkeys(_NUMBERS, (int, float)),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), (int, float, bool)),
    **dict.fromkeys(_COUNTS, (int,)),
    **dict.fromkeys(_TEXTS, (str,)),
    "type": (str, list),
    "required": (list, bool),
    "parameters": (list, dict),
}
"""What each keyword has for a value; of those that only people read, any value will do."""

_MEMBERS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (dict, bool)),
    **dict.fromkeys(("servers", "security", "parameters"), (dict,)),
    **dict.fromkeys(("type", "required"), (str,)),
}
"""What the lists of a keyword consist of."""

_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a whole number"}


def misshapen(node: Any, at: str = "#", *, names: bool = False, name: str = "") -> Iterator[str]:
    """Yield what is not as OpenAPI has it, by where it is, such as "#/paths is a text, and must be an object".

    Args:
        node: A part of a document.
        at: Where it is.
        names: Whether its keys are names.
        name: The keyword that it is the value of; "" for a name's.
    """
    if isinstance(node, dict):
        for key, child in node.items():
            place = f"{at}/{key}"
            if names:
                # A response may be a reference, and a schema may be true.
                wanted = (dict, bool) if name in {"properties", "schemas", "patternProperties", "$defs"} else (dict,)
                if key.startswith("x-") and not isinstance(child, wanted):
                    continue
                yield from _wrong(child, wanted, place)
                yield from misshapen(child, place)
            elif key in VALUES and key != "enum":
                if key == "examples":
                    yield from _wrong(child, (list, dict), place)
            elif not key.startswith("x-"):
                yield from _wrong(child, EXPECTED.get(key, ()), place)
                yield from _below(key, child, place)


def _below(key: str, child: Any, place: str) -> Iterator[str]:
    if key == "enum":
        return
    if isinstance(child, list):
        for number, one in enumerate(child):
            yield from _wrong(one, _MEMBERS.get(key, ()), f"{place}/{number}")
            yield from misshapen(one, f"{place}/{number}")
    else:
        yield from misshapen(child, place, names=key in NAMES, name=key)


def _wrong(value: Any, wanted: tuple[type, ...], place: str) -> Iterator[str]:
    fits = not wanted or (isinstance(value, wanted) and (not isinstance(value, bool) or bool in wanted))
    if fits and wanted == (int,) and value < 0:
        yield f"{place} is {value}, and must not be negative"
    elif fits and place.endswith("/multipleOf") and value <= 0:
        yield f"{place} is {value}, and must be positive"
    elif not fits:
        kinds = dict.fromkeys(_KINDS.get(one, "a number") for one in wanted if one is not int or float not in wanted)
        yield f"{place} is {_kind(value)}, and must be {' or '.join(kinds)}"


def _kind(value: Any) -> str:
    return "null" if value is None else _KINDS.get(type(value), "a number")
