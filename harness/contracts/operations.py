"""Reads the operations of a document: routes, bodies, answers, credentials, and what cannot be expressed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from harness.contracts.document import Document
from harness.contracts.examples import ExampleFinder, Nothing
from harness.contracts.names import free, function_name, singular, words
from harness.contracts.schemas import Schemas
from harness.contracts.verbs import verb_of

METHODS = ("get", "post", "put", "patch", "delete")

VERSION = re.compile(r"v\d+(\.\d+)*")
"""The part of a path that says which version of a service it is."""

BINARY = b"example"
"""What an answer consists of that is no JSON and has no example."""


@dataclass(frozen=True, kw_only=True)
class ContractAnswer:
    """One answer of an operation.

    Attributes:
        status: Its status, or the one that it is given for "4XX" and "default".
        media: Its media type; "" for none.
        schema: Of its body, which is JSON; None otherwise.
        body: An example, or a text for `media` that is no JSON.
        headers: The headers that the contract wants.
    """

    status: int
    media: str = ""
    schema: Any = None
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        """Whether its body is JSON."""
        return json_media(self.media)


@dataclass(frozen=True, kw_only=True)
class ContractOperation:
    """One operation.

    Attributes:
        method: Such as "POST".
        path: As the contract has it, without the prefix of the server.
        route: The same with names for the parameters that Python has.
        name: The name of its method.
        summary: What it does, one sentence.
        body: The schema of its body; None for none, or one that is not looked at.
        reads: What the body is.
        may_be_empty: Whether it may be left out.
        answer: The answer when all is well.
        refusals: The other answers, by status, "4XX" and "default".
        auth: The credentials, any one of them.
        needs: The parameters that each call has.
        key: The header with the idempotency key.
        path_schemas: The schemas of the parameters in the path, in their order.
    """

    method: str
    path: str
    route: str
    name: str
    summary: str
    body: Any
    reads: Literal["json", "form", "other"]
    may_be_empty: bool
    answer: ContractAnswer
    refusals: Mapping[int | str, ContractAnswer]
    auth: tuple[str, ...]
    needs: tuple[str, ...]
    key: str
    path_schemas: tuple[Any, ...]

    @property
    def place(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


class Operations:
    """Reads the operations.

    Attributes:
        left: What cannot be expressed, one sentence each.

    Args:
        document: The document.
        schemas: Its schemas.
        examples: Its examples.
        taken: Names that no operation can have.
    """

    def __init__(self, document: Document, schemas: Schemas, examples: ExampleFinder, taken: frozenset[str]) -> None:
        self.left: list[str] = []
        self._document = document
        self._schemas = schemas
        self._examples = examples
        self._taken = {*taken}

    def all(self) -> list[ContractOperation]:
        """Return all operations, in the order of the document."""
        return [*self._all()]

    def prefix(self) -> str:
        """Return the path of the service's base URL."""
        servers = self._document.data.get("servers")
        first = servers[0] if isinstance(servers, list) and servers else {}
        url = str(first.get("url", "")) if isinstance(first, dict) else ""
        variables = first.get("variables") if isinstance(first, dict) else None
        for name, one in variables.items() if isinstance(variables, dict) else ():
            url = url.replace(f"{{{name}}}", str(one.get("default", "")) if isinstance(one, dict) else "")
        path = urlsplit(url).path.rstrip("/")
        return "" if re.search(r"[{}\s]", path) else path and f"/{path.lstrip('/')}"

    def _all(self) -> Iterator[ContractOperation]:
        routes: set[tuple[str, str]] = set()
        for path, found in self._document.data["paths"].items():
            item = self._document.followed(found)
            for method, one in item.items():
                if method in {"head", "options", "trace"}:
                    self.left.append(f"{method.upper()} {path}: fakes do not serve this method")
                if method not in METHODS or not isinstance(one, dict):
                    continue
                made = self._one(method.upper(), path, item, one)
                shape = (made.method, re.sub(r"\{\w+\}", "{}", made.route))
                if shape in routes:
                    self.left.append(f"{made.place}: another path has the same shape, and is answered instead")
                    continue
                routes.add(shape)
                self._taken.add(made.name)
                yield made

    def _one(self, method: str, path: str, item: Mapping[str, Any], one: Mapping[str, Any]) -> ContractOperation:
        place = f"{method} {path}"
        parameters = self._parameters(item, one)
        route, names = _route(path)
        name = function_name(_identifier(one.get("operationId"), method, path))
        body, reads, may_be_empty = self._body(place, one)
        answer, refusals = self._answers(place, one)
        auth = self._auth(place, one)
        if one.get("callbacks"):
            self.left.append(f"{place}: its callbacks are not sent: {', '.join(one['callbacks'])}")
        needed = [(where, known) for (where, known), given in parameters.items() if given.get("required") is True]
        keys = [known for where, known in parameters if where == "header" and "idempoten" in known.lower()]
        return ContractOperation(
            method=method,
            path=path,
            route=route,
            name=free(f"{name}_" if name in self._taken else name, self._taken),
            summary=_sentence(
                one.get("summary") or one.get("description"),
                default=" ".join(words(_identifier(one["operationId"], method, path)))
                if "operationId" in one
                else place,
            ),
            body=body,
            reads=reads,
            may_be_empty=may_be_empty,
            answer=answer,
            refusals=refusals,
            auth=auth,
            needs=tuple(
                f"{where} {known}"
                for where, known in needed
                if where in {"query", "header", "cookie"}
                and known.lower() not in {"authorization", "content-type", "accept"}
            ),
            key=keys[0] if keys else "Idempotency-Key",
            path_schemas=tuple(parameters.get(("path", known), {}).get("schema") for known in names),
        )

    def _parameters(self, item: Mapping[str, Any], one: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for given in (item.get("parameters"), one.get("parameters")):
            for each in given if isinstance(given, list) else ():
                parameter = self._document.followed(each)
                found[str(parameter.get("in")), str(parameter.get("name"))] = parameter
        return found

    def _body(self, place: str, one: Mapping[str, Any]) -> tuple[Any, Literal["json", "form", "other"], bool]:
        body = self._document.followed(one.get("requestBody"))
        content = body.get("content")
        if not isinstance(content, dict) or not content:
            return None, "json", True
        optional = body.get("required") is not True
        media = _preferred(content)
        schema = content[media].get("schema") if isinstance(content[media], dict) else None
        if json_media(media):
            others = [other for other in content if not json_media(other)]
            if others:
                self.left.append(f"{place}: a body of {', '.join(others)}; it takes {media}")
            return schema, "json", optional
        if media == "application/x-www-form-urlencoded":
            return schema, "form", optional
        self.left.append(f"{place}: a body of {media} is taken as it is")
        return None, "other", optional

    def _answers(self, place: str, one: Mapping[str, Any]) -> tuple[ContractAnswer, dict[int | str, ContractAnswer]]:
        found = one.get("responses")
        responses = {str(key).upper(): each for key, each in found.items()} if isinstance(found, dict) else {}
        well = sorted(key for key in responses if re.fullmatch(r"2\d\d", key)) or [
            *(key for key in ("2XX", "DEFAULT") if key in responses),
            *sorted(key for key in responses if re.fullmatch(r"[13]\d\d", key)),
        ]
        if not well:
            self.left.append(f"{place}: the contract has no answer for when all is well; it is 200 without a body")
        answer = (
            self._answer(place, well[0], responses[well[0]])
            if well
            else ContractAnswer(status=200, media="application/json")
        )
        refusals: dict[int | str, ContractAnswer] = {}
        for key, each in responses.items():
            if re.fullmatch(r"[45]\d\d|[4]XX|DEFAULT", key):
                status = int(key) if key.isdecimal() else 400
                name: int | str = int(key) if key.isdecimal() else {"DEFAULT": "default"}.get(key, key)
                if status < 500:
                    refusals[name] = replace(self._answer(place, key, each), status=status)
        return answer, refusals

    def _answer(self, place: str, key: str, found: Any) -> ContractAnswer:
        status = int(key) if key.isdecimal() else 200
        response = self._document.followed(found)
        headers = dict(self._headers(response))
        content = response.get("content")
        if not isinstance(content, dict) or not content:
            return ContractAnswer(status=status, headers=headers)
        media = _preferred(content)
        given = content[media] if isinstance(content[media], dict) else {}
        examples = [*self._given(given)]
        name = "application/json" if media in {"*/*", "application/*"} else media.partition(";")[0].strip()
        if not json_media(name):
            text = next((one for one in examples if isinstance(one, str)), BINARY.decode())
            return ContractAnswer(status=status, media=name, body=text, headers=headers)
        schema = given.get("schema", True)
        try:
            body, wrong = self._examples.of(schema, examples)
        except Nothing:
            self.left.append(f"{place}: no valid example of its answer {key} was found; it is null")
            return ContractAnswer(status=status, media=name, headers=headers)
        if wrong:
            self.left.append(f"{place}: the answer {key} is composed, as {wrong}")
        return ContractAnswer(status=status, media=name, schema=schema, body=body, headers=headers)

    def _given(self, media: Mapping[str, Any]) -> Iterator[Any]:
        if "example" in media:
            yield media["example"]
        named = media.get("examples")
        for one in named.values() if isinstance(named, dict) else ():
            example = self._document.followed(one)
            if "value" in example:
                yield example["value"]

    def _headers(self, response: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        found = response.get("headers")
        for name, one in found.items() if isinstance(found, dict) else ():
            header = self._document.followed(one)
            if name.lower() == "content-type" or "schema" not in header:
                continue
            try:
                value, _ = self._examples.of(header["schema"], [header["example"]] if "example" in header else [])
            except Nothing:
                continue
            wanted = header.get("required") is True or "example" in header or name.lower() == "location"
            if isinstance(value, str | int | float) and wanted:
                yield (
                    "Location" if name.lower() == "location" else name,
                    str(value).lower() if isinstance(value, bool) else str(value),
                )

    def _auth(self, place: str, one: Mapping[str, Any]) -> tuple[str, ...]:
        wanted = one.get("security", self._document.data.get("security"))
        if not isinstance(wanted, list) or not all(wanted):
            return ()
        schemes = (self._document.data.get("components") or {}).get("securitySchemes") or {}
        made = []
        for alternative in wanted:
            parts = [_credential(self._document.followed(schemes.get(name))) for name in alternative]
            if "" in parts:
                names = ", ".join(alternative)
                self.left.append(f"{place}: credentials of {names} are not checked")
                return ()
            made.append(" and ".join(dict.fromkeys(parts)))
        return tuple(dict.fromkeys(made))


def json_media(media: str) -> bool:
    """Whether a media type is JSON."""
    name = media.partition(";")[0].strip().lower()
    return name.endswith(("/json", "+json")) or name in {"*/*", "application/*"}


def _preferred(content: Mapping[str, Any]) -> str:
    order = sorted(
        content, key=lambda one: (not json_media(one), one != "application/x-www-form-urlencoded", one.startswith("*"))
    )
    return str(order[0])


def _credential(scheme: Mapping[str, Any]) -> str:
    """Return where the credentials of a scheme are; "" for nowhere in the request."""
    kind = str(scheme.get("type"))
    if kind == "http":
        name = str(scheme.get("scheme", "")).lower()
        return name if name.isalnum() else ""
    if kind == "apiKey" and str(scheme.get("in")) in {"header", "query", "cookie"}:
        return f"{scheme['in']} {scheme.get('name', '')}"
    return "bearer" if kind in {"oauth2", "openIdConnect"} else ""


def _route(path: str) -> tuple[str, list[str]]:
    """Return a path with names that Python has for its parameters, and the names that the contract has."""
    names: list[str] = []
    taken: list[str] = []

    def named(found: re.Match[str]) -> str:
        names.append(found[1])
        taken.append(free("_".join(words(found[1])) or "part", taken))
        name = taken[-1]
        return f"{{{name if name[0].isalpha() else f'part_{name}'}}}"

    route = re.sub(r"\{([^{}/]+)\}", named, path)
    route = re.sub(r"\s", "%20", route)
    return route if route.startswith("/") else f"/{route}", names


def _identifier(given: Any, method: str, path: str) -> str:
    """Return what an operation is called, without the path and the method that FastAPI puts behind a name."""
    spoken, behind = words(str(given or "")), [*words(path), method.lower()]
    if len(spoken) > len(behind) and spoken[-len(behind) :] == behind:
        return "_".join(spoken[: -len(behind)])
    if spoken:
        return str(given)
    # POST /createUser says itself what it does; GET /v1/users/{id} is get_user.
    parts = [part for part in path.split("/") if part and "{" not in part and not VERSION.fullmatch(part)]
    if path.endswith("}") and parts:
        parts[-1] = singular(parts[-1])
    says = "{" not in path and verb_of(path, "") != ("", "")
    return " ".join(parts if says else [method.lower(), *parts])


def _sentence(text: Any, *, default: str) -> str:
    first = re.split(r"(?<=[.!?])\s|\n", str(text or "").strip())[0].strip()
    first = re.sub(r'["\\]', "'", re.sub(r"\s+", " ", first))
    if not first:
        first = default
    first = first[:1].upper() + first[1:]
    return first if first.endswith((".", "!", "?", ":")) else f"{first}."
