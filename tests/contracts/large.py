"""Makes a document of any number of operations: resources with five operations each, whose schemas refer to others."""

from __future__ import annotations

from typing import Any

PER_RESOURCE = 5


def large(operations: int) -> dict[str, Any]:
    """Return a document with this many operations, rounded up to whole resources."""
    resources = -(-operations // PER_RESOURCE)
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {
        "Error": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}}
    }
    for number in range(resources):
        name = f"Part{number}"
        # Rings of five, as parts of a service refer to each other.
        schemas |= _schemas(name, f"Part{number + 1 if number % 5 < 4 and number + 1 < resources else number // 5 * 5}")
        paths |= _paths(name, f"/parts{number}")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Large", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"bearer": []}],
    }


def pairs(operations: int) -> set[tuple[str, str]]:
    """Return the names of the operations that undo one another."""
    return {(f"create_part{number}", f"delete_part{number}") for number in range(-(-operations // PER_RESOURCE))}


def _schemas(name: str, other: str) -> dict[str, Any]:
    return {
        f"New{name}": {
            "type": "object",
            "required": ["title"],
            "properties": {
                "title": {"type": "string", "minLength": 1},
                "count": {"type": "integer", "minimum": 0, "maximum": 1000},
                "kind": {"type": "string", "enum": ["a", "b", "c"]},
                "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
                "due": {"type": ["string", "null"], "format": "date-time"},
                "limits": {"type": "object", "properties": {"low": {"type": "number"}, "high": {"type": "number"}}},
            },
        },
        name: {
            "allOf": [
                {"$ref": f"#/components/schemas/New{name}"},
                {
                    "type": "object",
                    "required": ["id"],
                    "properties": {
                        "id": {"type": "string", "pattern": "^[a-z]{2}_[0-9]{6}$"},
                        "next": {"oneOf": [{"$ref": f"#/components/schemas/{other}"}, {"type": "null"}]},
                        "children": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
                    },
                },
            ]
        },
    }


def _paths(name: str, path: str) -> dict[str, Any]:
    one = {"$ref": f"#/components/schemas/{name}"}
    body = {"required": True, "content": _json({"$ref": f"#/components/schemas/New{name}"})}
    known = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        path: {
            "post": _operation(f"create{name}", {"201": one}, requestBody=body),
            "get": _operation(f"list{name}s", {"200": {"type": "array", "items": one}}),
        },
        f"{path}/{{id}}": {
            "parameters": [known],
            "get": _operation(f"get{name}", {"200": one}),
            "put": _operation(f"update{name}", {"200": one}, requestBody=body),
            "delete": _operation(f"delete{name}", {"204": None}),
        },
    }


def _operation(name: str, answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    error = {"$ref": "#/components/schemas/Error"}
    return {
        "operationId": name,
        "responses": {status: _response(schema) for status, schema in [*answers.items(), ("4XX", error)]},
        **more,
    }


def _response(schema: Any) -> dict[str, Any]:
    return {"description": "An answer.", **({"content": _json(schema)} if schema else {})}


def _json(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
