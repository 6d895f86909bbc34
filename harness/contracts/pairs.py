"""Tells what each operation does to what the service keeps: what creates, reads, changes, lists and removes it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from harness.contracts.names import singular, words
from harness.contracts.operations import ContractOperation
from harness.contracts.schemas import Schemas, types_of
from harness.contracts.verbs import CHANGING, READING, UNDOES, UNDOING, verb_of


class Role(Enum):
    """What an operation does."""

    CREATES = "creates"
    PUTS = "puts"
    READS = "reads"
    CHANGES = "changes"
    LISTS = "lists"
    REMOVES = "removes"
    ACTS = "acts"
    ANSWERS = "answers"


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A kind of thing that the service keeps.

    Attributes:
        at: The path of one of them, which tells the kinds apart.
        creator: The operation that creates one.
        id: The property that identifies it.
        within: The property of the creator's answer that holds it; "" for the answer itself.
        like: The schema of its id, where the creator's answer does not have it.
        schemas: The schema of each of its properties, as it is kept.
    """

    at: str
    creator: ContractOperation
    id: str
    within: str
    schemas: Mapping[str, Any]
    like: Any = None


@dataclass(frozen=True, kw_only=True)
class OperationRole:
    """What one operation does.

    Attributes:
        operation: The operation.
        role: What it does.
        thing: To what.
        key: The property of the body, or the parameter, that says which one; "" for the path.
        stays: Whether what it removes can still be read.
        within: The property of its answer that holds the thing, or the list.
    """

    operation: ContractOperation
    role: Role
    thing: Thing | None = None
    key: str = ""
    stays: bool = False
    within: str = ""


_IDS = ("key", "name", "code", "number", "reference", "slug", "sku", "token", "handle")
"""Properties that identify a thing which has no id."""


class RoleFinder:
    """Gives each operation its part.

    Args:
        operations: All operations.
        schemas: The schemas.
    """

    def __init__(self, operations: Sequence[ContractOperation], schemas: Schemas) -> None:
        self._operations = operations
        self._schemas = schemas
        self._shapes = {(one.method, _shape(one.path)): one for one in operations}
        self._by_shape = {_shape(one.path): one for one in reversed(operations)}
        self._verbs = {one.name: verb_of(one.path, one.name) for one in operations}
        self._things: dict[str, Thing] = {}

    def all(self) -> list[OperationRole]:
        """Return the part of each operation, what is undone before what undoes it."""
        for one in self._operations:
            thing = self._created_by_path(one) or self._created_by_verb(one)
            if thing is not None:
                self._things.setdefault(_shape(thing.at), thing)
        made = [self._part(one) for one in self._operations]
        at = {one.name: number for number, one in enumerate(self._operations)}

        def place(part: OperationRole) -> tuple[int, int]:
            number = at[part.operation.name]
            if part.role is Role.REMOVES and part.thing is not None:
                return (max(number, at[part.thing.creator.name]), 1)
            return (number, 0)

        return sorted(made, key=place)

    # --- what is kept ---

    def _created_by_path(self, one: ContractOperation) -> Thing | None:
        """Return what `POST /things` creates if there is a `/things/{id}`, and what `PUT /things/{id}` puts there."""
        if one.method == "POST":
            item = self._by_shape.get(f"{_shape(one.path)}/{{}}")
            return (
                self._thing(one, item.route, self._parameters(item.path)[-1], item.path_schemas[-1]) if item else None
            )
        removable = ("DELETE", _shape(one.path)) in self._shapes
        posted = ("POST", _shape(_parent(one.path))) in self._shapes
        if one.method == "PUT" and one.path.rstrip("/").endswith("}") and removable and not posted:
            schemas = self._kept(one.answer.schema, one.path) or self._body_properties(one)
            name = self._identifier(self._parameters(one.path)[-1], _collection(one.path), schemas)
            return Thing(at=one.route, creator=one, id=name, within="", schemas=schemas)
        return None

    def _created_by_verb(self, one: ContractOperation) -> Thing | None:
        """Return what `POST /createUser` creates, if another verb with the same noun reads or removes it."""
        verb, noun = self._verb(one)
        if one.method not in {"POST", "PUT"} or verb not in UNDOES:
            return None
        others = [other for other in self._operations if other is not one and self._verb(other)[1] == noun]
        if any(self._verb(other)[0] in UNDOES[verb] for other in others):
            return self._thing(one, f"{noun} {{}}", f"{noun}_id")
        return None

    def _thing(self, one: ContractOperation, at: str, parameter: str, like: Any = None) -> Thing | None:
        within, schema = self._item(one.answer.schema)
        answer = self._schemas.properties(schema)
        noun = _collection(at) if "/" in at else at.partition(" ")[0]
        name = self._identifier(parameter, noun, answer)
        example = one.answer.body.get(within) if within and isinstance(one.answer.body, dict) else one.answer.body
        if not name or not isinstance(example, dict) or not isinstance(example.get(name), str | int):
            return self._named_elsewhere(one, at, parameter, noun, like)
        return Thing(at=at, creator=one, id=name, within=within, schemas=self._kept(schema, at))

    def _named_elsewhere(self, one: ContractOperation, at: str, parameter: str, noun: str, like: Any) -> Thing | None:
        """Return a thing whose id is in the body that creates it, or in the header Location of the answer."""
        schemas = self._kept(one.answer.schema, at)
        body = self._body_properties(one)
        chosen = self._identifier(parameter, noun, body)
        if chosen and "Location" not in one.answer.headers:
            return Thing(at=at, creator=one, id=chosen, within="", schemas={chosen: body[chosen], **schemas})
        if "Location" not in one.answer.headers:
            return None
        return Thing(
            at=at, creator=one, id=self._identifier(parameter, noun, schemas), within="", schemas=schemas, like=like
        )

    def _kept(self, created: Any, at: str) -> dict[str, Any]:
        """Return the properties of a thing: those of the answers that create and read it."""
        read = self._shapes.get(("GET", _shape(at)))
        known = self._schemas.properties(self._item(read.answer.schema)[1]) if read else {}
        both = {**self._schemas.properties(created), **known}
        return {name: one for name, one in both.items() if self._schemas.flat(one).get("writeOnly") is not True}

    def _item(self, schema: Any) -> tuple[str, Any]:
        """Return the property of an answer that holds the thing, "" for the answer itself, and the thing's schema."""
        properties = self._schemas.properties(schema)
        if any(_is_id(name) for name in properties):
            return "", schema
        objects = {
            name: inner
            for name, inner in properties.items()
            if any(_is_id(one) for one in self._schemas.properties(inner))
        }
        name = next(iter(objects)) if len(objects) == 1 else "data" if "data" in objects else ""
        return (name, objects[name]) if name else ("", schema)

    def _body_properties(self, one: ContractOperation) -> Mapping[str, Any]:
        return self._schemas.properties(one.body)

    def _identifier(self, parameter: str, noun: str, properties: Mapping[str, Any]) -> str:
        """Return the property that identifies a thing; "" for none."""
        known = {"".join(words(name)): name for name in properties}
        one = "".join(words(singular(noun)))
        wanted = ("".join(words(parameter)), f"{one}id", "id", f"{one}uuid", "uuid", f"{one}number", f"{one}code", one)
        for name in (*wanted, *_IDS, f"{one}name", f"{one}key"):
            if {*types_of(self._schemas.flat(properties.get(known.get(name, ""))))} & {"string", "integer"}:
                return known[name]
        return ""

    # --- what each operation does ---

    def _part(self, one: ContractOperation) -> OperationRole:
        return self._by_path(one) or self._by_verb(one) or OperationRole(operation=one, role=_default(one))

    def _by_path(self, one: ContractOperation) -> OperationRole | None:
        shape = _shape(one.path)
        own = self._things.get(shape)
        if own is not None:
            if one is own.creator:
                return OperationRole(operation=one, role=Role.PUTS, thing=own)
            role = {"GET": Role.READS, "PUT": Role.CHANGES, "PATCH": Role.CHANGES, "POST": Role.CHANGES}.get(one.method)
            if one.method == "DELETE":
                return OperationRole(operation=one, role=Role.REMOVES, thing=own)
            if role is not None:
                return OperationRole(operation=one, role=role, thing=own, within=self._within(one, own))
        inside = self._things.get(f"{shape}/{{}}")
        if inside is not None:
            if one is inside.creator:
                undone = self._undone_by_path(one)
                return undone or OperationRole(operation=one, role=Role.CREATES, thing=inside)
            if one.method == "GET":
                return self._list(one, inside)
        return self._undone_by_path(one)

    def _undone_by_path(self, one: ContractOperation) -> OperationRole | None:
        """Return the part of `POST /payments/{id}/cancel`, or of `POST /refunds` with a payment's id in its body."""
        if one.method not in {"POST", "PUT"}:
            return None
        before, _, last = one.path.rpartition("/")
        before, last = (
            (before, last) if ":" not in last else (f"{before}/{last.partition(':')[0]}", last.partition(":")[2])
        )
        if not {*words(last)[:1]} & UNDOING or last.startswith("{"):
            return None
        thing = self._things.get(_shape(before))
        if thing is not None:
            return OperationRole(operation=one, role=Role.REMOVES, thing=thing, stays=True)
        known = {"".join(words(name)): name for name in self._body_properties(one)}
        for other in self._things.values():
            noun = "".join(words(singular(_collection(other.at))))
            name = known.get(f"{noun}id") or known.get(noun)
            if name and other.creator is not one and other.at.count("{") == 1:
                return OperationRole(operation=one, role=Role.REMOVES, thing=other, key=name, stays=True)
        return None

    def _by_verb(self, one: ContractOperation) -> OperationRole | None:  # noqa: PLR0911 - a case each
        verb, noun = self._verb(one)
        thing = self._things.get(f"{noun} {{}}")
        if thing is None:
            return None
        if one is thing.creator:
            return OperationRole(operation=one, role=Role.CREATES, thing=thing)
        key = self._key(one, thing)
        if verb in UNDOES[self._verb(thing.creator)[0]] and key is not None:
            return OperationRole(
                operation=one, role=Role.REMOVES, thing=thing, key=key, stays=verb not in {"delete", "remove"}
            )
        if verb in READING:
            listed = self._list(one, thing)
            if listed.role is Role.LISTS or key is None:
                return listed
            return OperationRole(operation=one, role=Role.READS, thing=thing, key=key, within=self._within(one, thing))
        if verb in CHANGING and key is not None:
            return OperationRole(
                operation=one, role=Role.CHANGES, thing=thing, key=key, within=self._within(one, thing)
            )
        return None

    def _key(self, one: ContractOperation, thing: Thing) -> str | None:
        """Return what says which thing is meant: a property of the body, "?x" of the query, "" for the path."""
        if one.path.endswith("}") or "{" in one.path:
            return ""
        properties = self._body_properties(one)
        wanted = thing.at.partition(" ")[0]
        known = {"".join(words(name)): name for name in properties}
        names = ("".join(words(thing.id)), f"{wanted}id", "id")
        found = next((known[name] for name in names if name in known), None)
        if found is not None:
            return found
        required = [name for name in self._schemas.flat(one.body).get("required", []) if name in properties]
        if len(required) == 1:
            return str(required[0])
        queried = [need.partition(" ")[2] for need in one.needs if need.startswith("query ")]
        return f"?{queried[0]}" if len(queried) == 1 else None

    def _list(self, one: ContractOperation, thing: Thing) -> OperationRole:
        schema = self._schemas.flat(one.answer.schema)
        if types_of(schema) == ["array"] and self._holds(schema, thing):
            return OperationRole(operation=one, role=Role.LISTS, thing=thing)
        lists = [
            name
            for name, inner in self._schemas.properties(one.answer.schema).items()
            if types_of(self._schemas.flat(inner)) == ["array"] and self._holds(self._schemas.flat(inner), thing)
        ]
        if len(lists) == 1 and isinstance(one.answer.body, dict):
            return OperationRole(operation=one, role=Role.LISTS, thing=thing, within=lists[0])
        return OperationRole(operation=one, role=_default(one))

    def _holds(self, array: Mapping[str, Any], thing: Thing) -> bool:
        return thing.id in self._schemas.properties(array.get("items")) and not array.get("minItems")

    def _within(self, one: ContractOperation, thing: Thing) -> str:
        name, _ = self._item(one.answer.schema)
        return name if thing.id not in self._schemas.properties(one.answer.schema) else ""

    def _verb(self, one: ContractOperation) -> tuple[str, str]:
        return self._verbs[one.name]

    def _parameters(self, path: str) -> list[str]:
        return re.findall(r"\{([^{}]+)\}", path)


def _default(one: ContractOperation) -> Role:
    return Role.ANSWERS if one.method == "GET" or verb_of(one.path, one.name)[0] in READING else Role.ACTS


def _shape(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path).rstrip("/")


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]


def _collection(path: str) -> str:
    """Return the last part of a path that is no parameter."""
    return next((one for one in reversed(path.split("/")) if one and "{" not in one), "")


def _is_id(name: str) -> bool:
    return words(name)[-1:] in (["id"], ["uuid"], ["key"], ["number"], ["code"], ["reference"])
