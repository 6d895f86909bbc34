"""Makes a contract of recorded traffic: operations by method and path, schemas and examples of what was recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from genson import SchemaBuilder  # type: ignore[import-untyped]

from harness.contracts.har import Exchange, exchanges_of
from harness.contracts.names import singular, words
from harness.contracts.operations import VERSION, json_media

_ID = re.compile(
    r"\d+"
    r"|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    r"|(?=.*\d)[A-Za-z]{1,12}[_\-][0-9A-Za-z]{1,64}"
    r"|(?=[^\s]*\d)[0-9A-Za-z_\-]{12,}"
)
"""Parts of a path that say which thing is meant."""


def contract_of(file: Path, data: Mapping[str, Any], *, hosts: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return an OpenAPI document that says what was recorded, and what of the traffic is left out.

    Args:
        file: The HAR file, for errors.
        data: Its object.
        hosts: The hosts that are taken; none for all of a file with one.

    Raises:
        UsageError: Nothing was recorded, or it is not said of which hosts.
    """
    exchanges, host, left = exchanges_of(file, data, hosts=hosts)
    return _document(exchanges, host), left


def _document(exchanges: list[Exchange], host: str) -> dict[str, Any]:
    known = {*_ids(one.body for one in exchanges)}
    groups: dict[tuple[str, str], list[Exchange]] = {}
    for one in exchanges:
        groups.setdefault((_template(one.path, known), one.method), []).append(one)
    paths: dict[str, Any] = {}
    schemes: dict[str, Any] = {}
    for (path, method), group in groups.items():
        paths.setdefault(path, {})[method.lower()] = _operation(path, group, schemes)
    return {
        "openapi": "3.1.0",
        "info": {"title": f"traffic of {host}", "description": f"Answers as {host} was recorded."},
        "paths": paths,
        "components": {"securitySchemes": schemes},
    }


def _operation(path: str, group: list[Exchange], schemes: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"responses": _responses(group)}
    parameters = re.findall(r"\{(\w+)\}", path)
    if parameters:
        made["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in parameters
        ]
    sent = [one.sent for one in group if one.sent is not None and one.status < 400]
    if sent:
        media = "application/x-www-form-urlencoded" if group[0].form else "application/json"
        if not all(isinstance(one, str) for one in sent):
            made["requestBody"] = {
                "required": len(sent) == len([one for one in group if one.status < 400]),
                "content": {media: {"schema": _schema(sent)}},
            }
    auth = {one.auth for one in group if one.status < 400}
    if len(auth) == 1 and (name := auth.pop()):
        schemes[name] = (
            {"type": "http", "scheme": name}
            if name in {"bearer", "basic"}
            else {"type": "apiKey", "in": "header", "name": name}
        )
        made["security"] = [{name: []}]
        made["responses"].setdefault("401", {"description": "Nobody asked without credentials."})
    return made


def _responses(group: list[Exchange]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for status in sorted({one.status for one in group}):
        answers = [one for one in group if one.status == status and one.body is not None]
        made[str(status)] = {"description": "As it was recorded."}
        if answers:
            media = answers[0].media or "application/json"
            bodies = [one.body for one in answers if one.media == answers[0].media]
            content = {"example": bodies[0], **({"schema": _schema(bodies)} if json_media(media) else {})}
            made[str(status)]["content"] = {media: content}
    return made


def _schema(bodies: Sequence[Any]) -> dict[str, Any]:
    builder = SchemaBuilder(schema_uri=None)
    for one in bodies:
        builder.add_object(one)
    schema: dict[str, Any] = builder.to_schema()
    return schema


def _template(path: str, known: set[str]) -> str:
    """Return a path with a parameter for each part that says which thing is meant."""
    made: list[str] = []
    taken: set[str] = set()
    for part in path.split("/"):
        if part and not VERSION.fullmatch(part) and (_ID.fullmatch(part) or part in known):
            before = "_".join(words(made[-1])) if made and "{" not in made[-1] else ""
            name = f"{singular(before)}_id" if before else "id"
            while name in taken:
                name = f"{name}_of"
            taken.add(name)
            made.append(f"{{{name}}}")
        else:
            made.append(part)
    return "/".join(made)


def _ids(values: Any) -> Iterator[str]:
    """Yield the texts that are ids in recorded answers."""
    for value in values:
        if isinstance(value, dict):
            for name, one in value.items():
                if words(name)[-1:] == ["id"] and isinstance(one, str) and len(one) > 2:
                    yield one
                yield from _ids([one])
        elif isinstance(value, list):
            yield from _ids(value)
