"""What commands write is compared with the published schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

PUBLISHED = Path(__file__).parents[3] / "docs" / "reference"


def schema(name: str) -> dict[str, Any]:
    """Return a published schema."""
    found: dict[str, Any] = json.loads((PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


def valid(name: str, data: Any) -> Any:
    """Return data that are of the published form, with every field of it and with no other."""
    jsonschema.validate(data, _closed(schema(name)), format_checker=jsonschema.FormatChecker())
    return data


def objects(part: Any) -> list[dict[str, Any]]:
    """Return the parts of a schema that describe an object with named fields."""
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    found = [one for each in inner for one in objects(each)]
    return [part, *found] if isinstance(part, dict) and isinstance(part.get("properties"), dict) else found


def _closed(whole: dict[str, Any]) -> dict[str, Any]:
    """Return the schema, refusing fields that it does not have: a reader need not, but a misspelled one is no field."""
    for one in objects(whole):
        one["additionalProperties"] = False
    return whole
