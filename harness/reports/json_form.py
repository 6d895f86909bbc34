"""JSON for programs: what a command writes is a value, a frozen dataclass, and from its type the schema is made."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

from pydantic import TypeAdapter, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from harness.files.atomic_file import write_whole
from harness.files.printable import json_text
from harness.verdict import Harm, Verdict

VerdictName = Annotated[str, WithJsonSchema({"enum": [one.name for one in Verdict]})]
"""The name of a verdict."""

HarmName = Annotated[
    str,
    WithJsonSchema(
        {
            "enum": [one.name for one in sorted(Harm, reverse=True)],
            "description": "From something left in place or done twice to a reason of the harness itself.",
        }
    ),
]
"""The name of a harm."""

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A date and time as `isoformat` writes it."""


_ATTRIBUTE = re.compile(r"^    (\w+): (.*(?:\n {8}.*)*)", re.MULTILINE)


def as_data(value: Any) -> Any:
    """Return a value as JSON data: dataclasses as objects, with every field."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: as_data(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_data(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [as_data(one) for one in value]
    return value.value if isinstance(value, Enum) else value


def text_of(value: Any) -> str:
    """Return a value as JSON text."""
    return json_text(as_data(value))


def write(value: Any, path: Path) -> None:
    """Write a value as JSON to a file."""
    write_whole(path, text_of(value) + "\n")


def schema_of(form: Any, *, title: str) -> dict[str, Any]:
    """Return the JSON schema of values of a type."""
    schema = TypeAdapter(form).json_schema(mode="serialization", schema_generator=_EveryField)
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$comment": "Fields may be added, and are not taken away or changed while `format`, if there is one, stays.",
    }
    return about | {key: value for key, value in schema.items() if key != "title"}


class _EveryField(GenerateJsonSchema):
    """Has every field required and without a default, as `as_data` writes all of them, and described as in the code."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: ARG002, FBT001 - pydantic's signature
        return True

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the same
        return False

    def default_schema(self, schema: Any) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:
        made = super().dataclass_schema(schema)
        made["description"] = inspect.getdoc(schema["cls"]).partition("\n\n")[0]  # type: ignore[union-attr]  # ours have one
        for name, text in _described(schema["cls"]).items():
            made["properties"].get(name, {}).setdefault("description", text)
        return made


def _described(form: type) -> dict[str, str]:
    """Return what the docstrings of a dataclass and of its bases say of each field."""
    known: dict[str, str] = {}
    for one in reversed(form.__mro__):
        _, _, attributes = inspect.cleandoc(one.__doc__ or "").partition("\n\nAttributes:\n")
        for name, text in _ATTRIBUTE.findall(attributes):
            known[name] = " ".join(text.split())
    return known
