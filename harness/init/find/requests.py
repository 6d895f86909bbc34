"""Finds the HTTP requests that a function makes, itself or in what it calls, and what it reads of the answers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from harness.fixed_hosts.names import host_problems, plain_host
from harness.init.find.answers import FoundAnswer, answer_of
from harness.init.source import Definition, Function, ProjectSource, calls_in, keyword
from harness.init.values import Env, Piece, Scope, Values, assignments

VERBS = frozenset({"get", "post", "put", "patch", "delete"})
CLIENTS = frozenset({"AsyncClient", "Client", "ClientSession", "Session"})

_ORIGIN = re.compile(r"(https?://[^/\s{}]+)(/.*)?", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Base:
    """What a service is reached by.

    Attributes:
        env: The environment variable with its address; "" if it is written into the code.
        url: The origin in the code, such as "https://api.stripe.com", or that of the variable's default; "" for none.
        prefix: The path behind that.
        address: Whether the variable holds HOST:PORT, and not a URL.
    """

    env: str = ""
    url: str = ""
    prefix: str = ""
    address: bool = False

    @property
    def host(self) -> str:
        """The host that is written into the code, if a fake can stand in for it; "" otherwise."""
        host = "" if self.env else plain_host(urlsplit(self.url).hostname or "")
        return "" if any(host_problems("", [host])) else host

    @property
    def service(self) -> str:
        """What is the same for all requests to one service."""
        return self.env or self.host or self.url


@dataclass(frozen=True, kw_only=True)
class FoundRequest:
    """One call of an HTTP client.

    Attributes:
        base: Of the service.
        method: Such as "POST".
        path: Such as "/charges/{charge}", behind the base's prefix.
        place: Where it is, as "shop/activities.py:12".
        function: The name of the function that makes it.
        fields: The fields of its body, as far as the code says.
        form: Whether its body is a form, and not JSON.
        keyed: Whether it has an idempotency key.
        answer: What is read of its answer.
    """

    base: Base
    method: str
    path: str
    place: str
    function: str
    fields: Sequence[str] = ()
    form: bool = False
    keyed: bool = False
    answer: FoundAnswer = field(default_factory=FoundAnswer)

    @property
    def repeats(self) -> bool:
        """Whether a second one is a second effect, unless the service knows it by a key: neither PUT nor DELETE is."""
        return self.method in {"POST", "PATCH"}


class Requests:
    """Finds the requests of a project's functions."""

    def __init__(self, project: ProjectSource, values: Values) -> None:
        self._project = project
        self._values = values
        self._methods: dict[str, list[Definition]] = {}
        for one in project.functions():
            if one.owner is not None and isinstance(one.node, Function):
                self._methods.setdefault(one.node.name, []).append(one)
        self._only_base = self._the_only_base()

    def of(self, function: Definition) -> list[FoundRequest]:
        """Return the requests that a function makes, itself or in functions of the project that it calls."""
        found: list[FoundRequest] = []
        self._follow(function, found, [], ())
        return found

    def _follow(
        self,
        function: Definition,
        found: list[FoundRequest],
        seen: list[ast.stmt],
        outer: tuple[tuple[ast.Call, Scope], ...],
    ) -> None:
        if function.node in seen:
            return
        seen.append(function.node)
        scope = Scope.of(function)
        for call in calls_in(function.node):
            request = self._request(call, scope, outer)
            if request is not None:
                found.append(request)
                continue
            called = self._called(call, scope)
            if called is not None:
                self._follow(called, found, seen, ((call, scope), *outer))

    def _called(self, call: ast.Call, scope: Scope) -> Definition | None:
        found = self._project.refers_to(scope.module, call.func)
        if found is not None:
            return found if isinstance(found.node, Function) else None
        if not isinstance(call.func, ast.Attribute) or scope.module.qualified(call.func):
            return None
        named = self._methods.get(call.func.attr, [])
        of_self = isinstance(call.func.value, ast.Name) and call.func.value.id == "self"
        own = [one for one in named if one.owner is scope.owner] if of_self else []
        if not own and (owner := self._values.class_of(call.func.value, scope)) is not None:
            own = [one for one in named if one.owner is owner.node]
        chosen = own or named
        return chosen[0] if len(chosen) == 1 else None

    def _request(self, call: ast.Call, scope: Scope, outer: tuple[tuple[ast.Call, Scope], ...]) -> FoundRequest | None:
        method, url = self._method_and_url(call, scope)
        if url is None or not isinstance(scope.function, Function):
            return None
        place = self._place(self._values.text(url, scope), call, scope)
        if place is None:
            return None
        base, path = place
        body = keyword(call, "json") or keyword(call, "data")
        if body is not None and method == "GET":
            method = "POST"
        headers = keyword(call, "headers")
        return FoundRequest(
            base=base,
            method=method,
            path=path,
            place=scope.module.at(call),
            function=scope.function.name,
            fields=[*self._fields(body, scope)],
            form=keyword(call, "json") is None and keyword(call, "data") is not None,
            keyed=any("idempotency-key" in one.lower() for one in _texts(headers, scope)),
            answer=answer_of([(call, scope), *outer], self._project),
        )

    def _method_and_url(self, call: ast.Call, scope: Scope) -> tuple[str, ast.expr | None]:
        name = scope.module.qualified(call.func)
        if name == "urllib.request.urlopen" and call.args:
            inner = call.args[0]
            return "GET", inner.args[0] if isinstance(inner, ast.Call) and inner.args else inner
        if not isinstance(call.func, ast.Attribute):
            return "", None
        given = [*call.args]
        verb = call.func.attr
        if verb in {"request", "stream"} and given:
            verb = (self._values.constant(given.pop(0), scope) or "").lower()
        if verb not in VERBS:
            return "", None
        return verb.upper(), given[0] if given else keyword(call, "url")

    def _place(self, pieces: tuple[Piece, ...], call: ast.Call, scope: Scope) -> tuple[Base, str] | None:
        if not pieces:
            return None
        if isinstance(pieces[0], str) and pieces[0].startswith("/"):
            assert isinstance(call.func, ast.Attribute)  # noqa: S101 - only methods take paths
            base = self._base_of_client(call.func.value, scope) or self._only_base
            return None if base is None else (base, _path(pieces))
        return _split(pieces)

    def _base_of_client(self, client: ast.expr, scope: Scope, depth: int = 8) -> Base | None:
        """Return the base URL that a client was made with."""
        if not depth:
            return None
        if isinstance(client, ast.Await):
            return self._base_of_client(client.value, scope, depth - 1)
        if isinstance(client, ast.Call):
            given = keyword(client, "base_url")
            if given is None and _is_client(client, "ClientSession") and client.args:
                given = client.args[0]
            if given is not None:
                split = _split(self._values.text(given, scope))
                return split[0] if split else None
            called = self._called(client, scope)
            if called is not None and isinstance(called.node, Function):
                for node in ast.walk(called.node):
                    if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
                        return self._base_of_client(node.value, Scope.of(called), depth - 1)
            return None
        made = self._values.assigned(client, scope)
        return None if made is None else self._base_of_client(*made, depth - 1)

    def _fields(self, body: ast.expr | None, scope: Scope) -> Iterator[str]:
        """Yield the fields of a body: the keys of a dict, or the fields of the class that it is made of."""
        if isinstance(body, ast.Name) and scope.function is not None:
            body = next(assignments(scope.function, body.id), None)
        if isinstance(body, ast.Dict):
            yield from (one.value for one in body.keys if isinstance(one, ast.Constant) and isinstance(one.value, str))
        elif isinstance(body, ast.Call):
            method = isinstance(body.func, ast.Attribute) and body.func.attr in {"model_dump", "dict", "to_dict"}
            inner = body.func.value if method and isinstance(body.func, ast.Attribute) else next(iter(body.args), None)
            made = None if inner is None else self._values.class_of(inner, scope)
            for one in made.node.body if made is not None and isinstance(made.node, ast.ClassDef) else ():
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                    yield one.target.id

    def _the_only_base(self) -> Base | None:
        """Return the base URL of the project's clients, where there is one only."""
        found = set()
        for module in self._project.modules.values():
            for function in _functions(module.tree):
                scope = Scope(module=module, function=function)
                found |= {
                    self._base_of_client(call, scope)
                    for call in calls_in(function)
                    if keyword(call, "base_url") is not None
                }
        found.discard(None)
        return found.pop() if len(found) == 1 else None


def _functions(tree: ast.Module) -> Iterator[Function]:
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def _is_client(call: ast.Call, name: str) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) == name


def _split(pieces: tuple[Piece, ...]) -> tuple[Base, str] | None:
    """Return the base and the path of a URL; None if the code does not say where one ends."""
    first, *rest = pieces
    if isinstance(first, Env):
        url = first.default or ""
        address = bool(url) and "://" not in url and "/" not in url
        parts = urlsplit(f"http://{url}" if address else url)
        prefix = parts.path.rstrip("/")
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        return Base(env=first.name, url=origin, prefix=prefix, address=address), _path(tuple(rest))
    if isinstance(first, str) and first in {"http://", "https://"} and rest and isinstance(rest[0], Env):
        return Base(env=rest[0].name, address=True), _path(tuple(rest[1:]))
    match = _ORIGIN.fullmatch(first) if isinstance(first, str) else None
    if match is None:
        return None
    return Base(url=match[1]), _path((match[2] or "", *rest))


def _path(pieces: tuple[Piece, ...]) -> str:
    """Return a path with its parameters in braces, without a query."""
    path, names = "", set()
    for one in pieces:
        if isinstance(one, str):
            path += one
        else:
            name = re.sub(r"\W+", "_", one.name).strip("_").lower() or "value"
            while name in names:
                name += "_"
            names.add(name)
            path += f"{{{name}}}"
    path = path.partition("?")[0].partition("#")[0]
    if path.endswith("}") and not re.search(r"/\{[^}]*\}$", path):
        # Behind a whole segment comes what is most likely a query.
        path = path.rpartition("{")[0]
    path = re.sub(r"//+", "/", f"/{path}")
    return path if path == "/" else path.rstrip("/")


def _texts(node: ast.expr | None, scope: Scope) -> Iterator[str]:
    if isinstance(node, ast.Name) and scope.function is not None:
        node = next(assignments(scope.function, node.id), None)
    for one in ast.walk(node) if node is not None else ():
        value: Any = getattr(one, "value", None)
        if isinstance(one, ast.Constant) and isinstance(value, str):
            yield value
