"""An OpenAPI document as it is used: its references followed, and the schemas of 3.0 written as those of 3.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from harness.contracts.shape import NAMES, VALUES, misshapen
from harness.errors import UsageError

MOST_WRONG = 10
"""How many parts that are no OpenAPI are listed."""


class Document:
    """A document whose references all lead somewhere inside of it.

    Attributes:
        data: The document, in the words of OpenAPI 3.1.

    Args:
        file: Its file, for errors.
        data: As it was read.

    Raises:
        UsageError: Something is not as OpenAPI has it, or a reference leads out of the document, nowhere, or to
            itself; all at once.
    """

    def __init__(self, file: Path, data: Mapping[str, Any]) -> None:
        wrong = [*misshapen(data)]
        if wrong:
            more = f"; and {len(wrong) - MOST_WRONG} more" if len(wrong) > MOST_WRONG else ""
            raise UsageError(*(f"{file} is no OpenAPI: {one}{more}." for one in wrong[:MOST_WRONG]))
        self.data: dict[str, Any] = _modern(dict(data), names=False)
        problems = [*dict.fromkeys(self._problems(file))]
        if problems:
            raise UsageError(*problems)

    def followed(self, node: Any) -> dict[str, Any]:
        """Return an object, or the one that its reference leads to."""
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            node = self.at(node["$ref"])
        return node if isinstance(node, dict) else {}

    def at(self, reference: str) -> Any:
        """Return what a reference leads to.

        Raises:
            LookupError: Nothing.
        """
        node: Any = self.data
        for part in reference.removeprefix("#").split("/")[1:]:
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            node = node[int(key)] if isinstance(node, list) and key.isdecimal() else node[key]
        return node

    def _problems(self, file: Path) -> Iterator[str]:
        for reference in references(self.data):
            if not reference.startswith("#"):
                yield (
                    f"{file}: the reference {reference!r} leads to another document, which is not read; put all into "
                    "one, for example with `npx @redocly/cli bundle`."
                )
            elif self._nowhere(reference):
                yield f"{file}: the reference {reference!r} leads nowhere; correct it, or add what it names."
            elif self._to_itself(reference):
                yield f"{file}: the reference {reference!r} leads to itself and says nothing; write what it stands for."

    def _nowhere(self, reference: str) -> bool:
        try:
            return not isinstance(self.at(reference), dict | bool)
        except (LookupError, TypeError):
            return True

    def _to_itself(self, reference: str) -> bool:
        seen = {reference}
        node = self.at(reference)
        while isinstance(node, dict) and isinstance(node.get("$ref"), str):
            if node["$ref"] in seen:
                return True
            seen.add(node["$ref"])
            if self._nowhere(node["$ref"]):
                return False
            node = self.at(node["$ref"])
        return False


def references(node: Any, *, names: bool = False) -> Iterator[str]:
    """Yield all references in a part of a document."""
    if isinstance(node, list):
        for one in node:
            yield from references(one)
    elif isinstance(node, dict):
        for key, child in node.items():
            if key == "$ref" and not names and isinstance(child, str):
                yield child
            elif names or key not in VALUES:
                yield from references(child, names=not names and key in NAMES)


def _modern(node: Any, *, names: bool) -> Any:
    """Return a part of a document with null as a type, and exclusive limits as numbers."""
    if isinstance(node, list):
        return [_modern(one, names=False) for one in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: child if not names and key in VALUES else _modern(child, names=not names and key in NAMES)
        for key, child in node.items()
    }
    return made if names else _nullable(_exclusive(made))


def _exclusive(schema: dict[str, Any]) -> dict[str, Any]:
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(schema.get(exclusive), bool) and schema.pop(exclusive) and limit in schema:
            schema[exclusive] = schema.pop(limit)
    return schema


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(schema.get("nullable"), bool):
        return schema
    if not schema.pop("nullable"):
        return schema
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]
        return schema
    if {"$ref", "allOf", "anyOf", "oneOf"} & schema.keys():
        return {"anyOf": [schema, {"type": "null"}]}
    return schema
