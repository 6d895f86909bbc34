"""Schemas with their references followed and `allOf` merged, and which of two say the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from harness.contracts.document import Document

Schema = dict[str, Any]

COMPONENTS = "#/components/schemas/"

ANNOTATIONS = frozenset(
    {
        *("title", "description", "example", "examples", "default", "deprecated", "readOnly", "writeOnly"),
        *("externalDocs", "xml", "$comment"),
    }
)
"""What says nothing of which values are valid."""


class Schemas:
    """The schemas of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._flat: dict[int, tuple[Any, Schema]] = {}

    def flat(self, schema: Any) -> Schema:
        """Return a schema with its references followed, and with those of `allOf` merged into it."""
        if not isinstance(schema, dict):
            return {}
        known = self._flat.get(id(schema))
        if known is None:
            # The schema is kept with it: another one might get its id.
            known = self._flat[id(schema)] = (schema, self._merged(schema, ()))
        return known[1]

    def component(self, schema: Any) -> str:
        """Return the name of the component that a schema stands for; "" for none."""
        while isinstance(schema, dict):
            said = {key: one for key, one in schema.items() if key not in ANNOTATIONS and not key.startswith("x-")}
            if said.keys() == {"allOf"} and len(said["allOf"]) == 1:
                schema = said["allOf"][0]
            elif said.keys() == {"$ref"} and said["$ref"].startswith(COMPONENTS):
                return unquote(said["$ref"].removeprefix(COMPONENTS))
            else:
                break
        return ""

    def properties(self, schema: Any) -> dict[str, Any]:
        """Return the schemas of the properties of an object."""
        found = self.flat(schema).get("properties")
        return found if isinstance(found, dict) else {}

    def same(self, one: Any, other: Any) -> bool:
        """Whether the same values are valid, as far as it can be told from how the schemas are written."""
        return one is other or self._text(one) == self._text(other)

    def _text(self, schema: Any) -> str:
        name = self.component(schema)
        return name or json.dumps(_bare(schema), sort_keys=True, default=str)

    def _merged(self, schema: Schema, inside: tuple[str, ...]) -> Schema:
        made = {key: one for key, one in schema.items() if key not in {"$ref", "allOf"}}
        for part in self._parts(schema):
            reference = part.get("$ref") if isinstance(part, dict) else None
            if isinstance(reference, str):
                if reference in inside:
                    continue
                target = self._document.at(reference)
                other = self._merged(target, (*inside, reference)) if isinstance(target, dict) else {}
                beside = {key: one for key, one in part.items() if key != "$ref"}
                made = _both(_both(other, self._merged(beside, inside)), made)
            elif isinstance(part, dict):
                made = _both(self._merged(part, inside), made)
        return made

    def _parts(self, schema: Schema) -> Iterator[Any]:
        if isinstance(schema.get("$ref"), str):
            yield {"$ref": schema["$ref"]}
        if isinstance(schema.get("allOf"), list):
            yield from schema["allOf"]


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """Return the types that a flat schema allows, as far as it says so; [] for any."""
    found = schema.get("type")
    if isinstance(found, str):
        return [found]
    if isinstance(found, list):
        return [one for one in found if isinstance(one, str)]
    if "properties" in schema or "additionalProperties" in schema or "required" in schema:
        return ["object"]
    return ["array"] if "items" in schema else []


def _bare(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: one for key, one in schema.items() if key not in ANNOTATIONS}
    return {
        key: {name: _bare(inner) for name, inner in one.items()}
        if key == "properties" and isinstance(one, dict)
        else _bare(one)
        for key, one in made.items()
    }


def _both(one: Schema, other: Schema) -> Schema:
    """Return a schema of what both say; where they cannot be merged, of what the second says."""
    made = {**one, **other}
    if "properties" in one and "properties" in other:
        first, second = one["properties"], other["properties"]
        made["properties"] = {
            **first,
            **{
                name: {"allOf": [first[name], inner]} if name in first and first[name] != inner else inner
                for name, inner in second.items()
            },
        }
    if "required" in one and "required" in other:
        made["required"] = [*dict.fromkeys([*one["required"], *other["required"]])]
    if "enum" in one and "enum" in other:
        made["enum"] = [value for value in one["enum"] if value in other["enum"]]
    if "type" in one and "type" in other:
        common = [value for value in types_of(one) if value in types_of(other)]
        made["type"] = common[0] if len(common) == 1 else common or other["type"]
    for lowest in ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"):
        if lowest in one and lowest in other:
            made[lowest] = max(one[lowest], other[lowest])
    for highest in ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"):
        if highest in one and highest in other:
            made[highest] = min(one[highest], other[highest])
    if one.get("additionalProperties") is False:
        made["additionalProperties"] = False
    return made
