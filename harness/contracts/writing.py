"""Writes the fake of a contract: its models, its example answers, and one method for each operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from harness.contracts.code_imports import imports_of
from harness.contracts.examples import ExampleFinder
from harness.contracts.models import RESERVED, Models
from harness.contracts.names import constant_name, free
from harness.contracts.operations import ContractAnswer, ContractOperation
from harness.contracts.pages import last_page, total_of
from harness.contracts.pairs import OperationRole, Role, Thing
from harness.contracts.schemas import Schemas
from harness.contracts.text import called, laid_out, literal, quoted
from harness.files.wording import counted

MOST_LEFT = 60
"""How many sentences on what is not expressed the file has; the last says how many more there are."""


class FakeWriter:
    """Writes one fake.

    Args:
        kind: The name of its class.
        schemas: The schemas.
        examples: Its examples.
        models: The models.
        prefix: The path of its base URL.
    """

    def __init__(self, kind: str, schemas: Schemas, examples: ExampleFinder, models: Models, prefix: str) -> None:
        self._kind = kind
        self._examples = examples
        self._schemas = schemas
        self._models = models
        self._prefix = prefix
        # Constants, by name; those that the file imports are not written.
        self._constants: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._auths: dict[tuple[str, ...], str] = {}
        self._replies: dict[str, str] = {}

    def text(self, parts: list[OperationRole], *, title: str, source: str, left: list[str]) -> str:
        """Return the source of the file.

        Args:
            parts: What each operation does.
            title: What the service is, one sentence.
            source: What it was made from, such as "payments.yaml (Payments 1.0)".
            left: What could not be expressed; what the models could not is added.
        """
        methods = [self._method(part) for part in parts]
        # A class is written only when a method, or another class, has been found to use it.
        models = self._models.text()
        left = [*left, *(f"model {one}" for one in self._models.left)]
        constants = "".join(f"{name}{_type_of(value)} = {value}\n" for name, value in self._constants.items())
        prefix = f'\n    prefix = "{self._prefix}"\n' if self._prefix else ""
        body = "\n".join(filter(None, [f"{models}\n" if models else "", f"{constants}\n" if constants else ""]))
        head = f'class {self._kind}(ContractService):\n    """{title}"""\n{prefix}'
        code = f"{body}\n{head}" + "".join(methods)
        return f"{self._docstring(parts, title, source, left)}\n{imports_of(code)}\n\n\n{code.lstrip()}"

    def _docstring(self, parts: list[OperationRole], title: str, source: str, left: list[str]) -> str:
        pairs = [part for part in parts if part.role is Role.REMOVES]
        lines = [f'"""{title}', "", f"Written by `harness add fake` from {source}; it is yours to change."]
        if pairs:
            lines += ["", "Undone by another operation:"]
            lines += [f"- {part.thing.creator.name} by {part.operation.name}" for part in pairs if part.thing]
        if left:
            lines += ["", "Not expressed:"]
            lines += [f"- {_safe(one)}." for one in left[:MOST_LEFT]]
            if len(left) > MOST_LEFT:
                lines.append(f"- and {counted(len(left) - MOST_LEFT, 'more part')}, of the same kinds.")
        return "\n".join(lines) + '\n"""\n'

    # --- one operation ---

    def _method(self, part: OperationRole) -> str:
        one = part.operation
        model = self._models.body(one.body, f"{_camel(one.name)}Body") if one.body is not None else ""
        wanted = f", wanted: {model}" if model else ""
        undone = f", undoes={part.thing.creator.name}" if part.role is Role.REMOVES and part.thing else ""
        terms = self._terms(one)
        decorator = called(
            "@operation",
            [quoted(f"{one.method} {self._prefix}{one.route}"), *filter(None, [undone.removeprefix(", ")]), *terms],
            indent=4,
            before=0,
        )
        answer, uses_call, uses_body = self._answer_of(part, model)
        unused = [name for name, used in (("call", uses_call), ("wanted", uses_body or not model)) if not used]
        remark = "  # noqa: ARG002 - the answer is always the same" if unused else ""
        return (
            f"\n    {decorator}\n    async def {one.name}(self, call: Call{wanted}) -> Reply:{remark}\n"
            f'        """{_safe(one.summary)}"""\n        return {answer}\n'
        )

    def _answer_of(self, part: OperationRole, model: str) -> tuple[str, bool, bool]:
        """Return the expression that a method returns, and whether it uses the call and the body."""
        one, thing = part.operation, part.thing
        answer = one.answer
        if part.role is Role.LISTS:
            # What was created takes the place of the example's.
            page = last_page(answer.schema, answer.body, self._schemas, self._examples) if part.within else {}
            answer = replace(answer, body={**page, part.within: []} if part.within else [])
        reply = self._reply(answer, one.name)
        if thing is None or part.role in {Role.ANSWERS, Role.ACTS}:
            if part.role is Role.ANSWERS:
                return reply, False, False
            return called("self._done", ["call", reply], indent=8, before=7), True, False
        arguments = ["call", reply, *self._arguments(part, thing, model)]
        name = {
            Role.CREATES: "_created",
            Role.PUTS: "_put",
            Role.READS: "_read",
            Role.CHANGES: "_changed",
            Role.LISTS: "_listed",
            Role.REMOVES: "_removed",
        }[part.role]
        text = called(f"self.{name}", arguments, indent=8, before=7)
        return text, True, "wanted" in text

    def _arguments(self, part: OperationRole, thing: Thing, model: str) -> Iterator[str]:
        one = part.operation
        within = thing.within if part.role is Role.CREATES else part.within
        if part.role is Role.LISTS:
            yield self._list_item(part)
            total = total_of(one.answer.schema, self._schemas) if within else ""
            yield from [f"total={quoted(total)}"] if total else []
        yield f"at={quoted(thing.at)}"
        if part.role is Role.CREATES:
            yield f"id={quoted(thing.id)}"
            yield from [f"like={literal(self._examples.of(thing.like, [])[0])}"] if thing.like else []
        if part.role is Role.PUTS and thing.id and self._id_is_in_path(one, thing):
            yield f"id={quoted(thing.id)}"
        if part.role in {Role.CREATES, Role.PUTS, Role.CHANGES}:
            yield f"taken={self._taken(one, thing, model)}"
        if part.key:
            yield f"key={self._key(part, model)}"
        if part.stays:
            yield "stays=True"
        if within:
            yield f"within={quoted(within)}"
        if part.role in {Role.CREATES, Role.READS, Role.CHANGES, Role.LISTS}:
            gives = self._gives(part, thing, within)
            if gives is not None:
                yield f"gives={_tuple(gives)}"

    def _key(self, part: OperationRole, model: str) -> str:
        if part.key.startswith("?"):
            return f"call.query({quoted(part.key[1:])})"
        return f"key_of(wanted, {quoted(part.key)})" if model else '""'

    def _taken(self, one: ContractOperation, thing: Thing, model: str) -> str:
        if not model or one.reads == "other":
            return "{}"
        found = [
            name
            for name, inner in self._schemas.properties(one.body).items()
            if name in thing.schemas
            and self._schemas.same(inner, thing.schemas[name])
            and not self._schemas.flat(inner).get("readOnly")
            and not self._schemas.flat(inner).get("writeOnly")
            and (name != thing.id or one is thing.creator)
        ]
        return called("fields", ["wanted", *map(quoted, found)], indent=12, before=7) if found else "{}"

    def _gives(self, part: OperationRole, thing: Thing, within: str) -> list[str] | None:
        """Return what of a thing an answer can have; None for all of it."""
        schema = part.operation.answer.schema
        if within:
            schema = self._schemas.properties(schema).get(within)
        if part.role is Role.LISTS:
            schema = self._schemas.flat(schema).get("items")
        flat = self._schemas.flat(schema)
        if {"oneOf", "anyOf", "not", "if"} & flat.keys():
            # To put one property in place of another could make it another alternative.
            return [thing.id] if thing.id in self._schemas.properties(schema) else []
        properties = self._schemas.properties(schema)
        found = [
            name
            for name, inner in properties.items()
            if name in thing.schemas
            and self._schemas.same(inner, thing.schemas[name])
            and not self._schemas.flat(inner).get("writeOnly")
        ]
        return None if {*found} >= {*thing.schemas} else found

    def _list_item(self, part: OperationRole) -> str:
        """Return an example of what a list consists of."""
        schema, body = part.operation.answer.schema, part.operation.answer.body
        if part.within:
            schema, body = self._schemas.properties(schema).get(part.within), body.get(part.within)
        items = self._schemas.flat(schema).get("items")
        example = body[0] if isinstance(body, list) and body else self._examples.of(items, [])[0]
        name = self._schemas.component(items)
        known = self._values.get(literal(example))
        return known or self._constant(name or f"{part.operation.name}_item", example)

    def _id_is_in_path(self, one: ContractOperation, thing: Thing) -> bool:
        return bool(one.path_schemas) and self._schemas.same(one.path_schemas[-1], thing.schemas.get(thing.id))

    # --- what the contract says of every call ---

    def _terms(self, one: ContractOperation) -> Iterator[str]:
        parts = []
        answers = self._models.body(one.answer.schema, f"{_camel(one.name)}Answer") if one.answer.schema else ""
        if answers:
            parts.append(f"answers={answers}")
        if one.auth:
            parts.append(f"auth={self._auth(one.auth)}")
        if one.needs:
            parts.append(f"needs={_tuple([*one.needs])}")
        if one.key != "Idempotency-Key":
            parts.append(f"key={quoted(one.key)}")
        if one.reads != "json":
            parts.append(f"body={quoted(one.reads)}")
        if one.may_be_empty and one.body is not None:
            parts.append("may_be_empty=True")
        if one.refusals:
            parts.append(f"refusals={self._refusals(one)}")
        if parts:
            yield f"terms={called('Terms', parts, indent=8, before=6)}"

    def _auth(self, auth: tuple[str, ...]) -> str:
        if auth not in self._auths:
            name = free("AUTH", self._constants)
            self._constants[name] = _tuple([*auth])
            self._auths[auth] = name
        return self._auths[auth]

    def _refusals(self, one: ContractOperation) -> str:
        entries = {literal(key): self._reply(answer, f"{one.name}_{key}") for key, answer in one.refusals.items()}
        text = "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
        # Most operations of a service refuse alike.
        if text not in self._replies:
            name = free("REFUSALS", self._constants)
            self._constants[name] = "{\n" + "".join(f"    {key}: {value},\n" for key, value in entries.items()) + "}"
            self._replies[text] = name
        return self._replies[text]

    def _reply(self, answer: ContractAnswer, name: str) -> str:
        parts = [] if answer.status == 200 else [f"status={answer.status}"]
        headers = dict(answer.headers)
        if answer.media and not answer.is_json:
            text = literal(str(answer.body or ""))
            parts.append(f"raw=b{text}" if text.isascii() else f"raw={text}.encode()")
            headers["content-type"] = answer.media
        elif answer.media:
            parts.append(f"body={self._value(answer, name)}")
            if answer.media != "application/json":
                headers["content-type"] = answer.media
        elif answer.status not in {204, 304}:
            # Without a body, not with `null`.
            parts.append('raw=b""')
        if headers:
            parts.append(f"headers={literal(headers)}")
        return f"Reply({', '.join(parts)})"

    def _value(self, answer: ContractAnswer, name: str) -> str:
        flat = literal(answer.body)
        if len(flat) <= 20:
            return flat
        if flat in self._values:
            return self._values[flat]
        component = self._schemas.component(answer.schema)
        return self._constant(component or name, answer.body)

    def _constant(self, name: str, value: Any) -> str:
        made = free(constant_name(name), {*self._constants, *RESERVED})
        self._constants[made] = laid_out(value, indent=0, before=len(made) + 3)
        self._values[literal(value)] = made
        return made


def _type_of(value: str) -> str:
    """Return the type of a constant, where a type checker cannot tell it: that of an empty list."""
    if "[]" not in value and "{}" not in value:
        return ""
    return ": dict[str, Any]" if value.startswith("{") else ": list[Any]" if value.startswith("[") else ""


def _tuple(texts: list[str]) -> str:
    return f"({', '.join(map(quoted, texts))}{',' if len(texts) == 1 else ''})"


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def _safe(text: str) -> str:
    return re.sub(r'["\\]', "'", text).rstrip(".") if not text.endswith(".") else re.sub(r'["\\]', "'", text)


def headed(info: Mapping[str, Any]) -> str:
    """Return the name and version of a contract."""
    return " ".join(str(info[key]) for key in ("title", "version") if info.get(key)).strip()
