"""The operations of a fake, and its calls and replies, as values."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_type_hints
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError

from harness.errors import UsageError

BODILESS = frozenset({204, 304})
"""Statuses that have no body, not even `null` (RFC 9110, 15.3.5 and 15.4.5)."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An HTTP answer: `body` as JSON, unless `raw` gives the bytes to send instead."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None

    @property
    def has_body(self) -> bool:
        """Whether anything is sent behind its headers."""
        return bool(self.raw) if self.raw is not None else self.body is not None or self.status not in BODILESS

    def garbled(self, raw: bytes | None = None) -> Reply:
        """Return this answer with its body replaced by `raw`, or cut off in the middle; as it is without a body."""
        if raw is not None or not self.has_body:
            return self if raw is None else replace(self, raw=raw)
        whole = json.dumps(self.body).encode() if self.raw is None else self.raw
        # Half of a number would be a number.
        return replace(self, raw=whole[: len(whole) // 2].rstrip(b".0123456789"))


@dataclass(frozen=True, kw_only=True)
class Silence:
    """No answer: the connection is cut, for the reason given."""

    why: str


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request as it came over HTTP, for a fake that passes it on.

    Attributes:
        method: Such as "PUT".
        target: Path and query, still quoted.
        headers: By name, in lower case.
        content: The body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that reached an operation.

    Attributes:
        id: Identifies it within the run, such as "flights.book#2".
        number: Which call of its operation it is, from 1.
        operation: The operation's name.
        key: The idempotency key, from the header `Idempotency-Key` or the path.
        body: The JSON body, or None; what `FakeService.read` makes of it, where bodies are no JSON.
        path: The parameters in the path, by name, in their order.
        sent: The request as it came.
        gone: Waits until the caller has closed its side.
        has_gone: Whether it has.
    """

    id: str
    number: int
    operation: str
    key: str | None
    body: Any
    sent: Sent = field(repr=False, compare=False)
    gone: Callable[[], Awaitable[None]] = field(repr=False, compare=False)
    has_gone: Callable[[], bool] = field(repr=False, compare=False)
    path: Mapping[str, str] = field(default_factory=dict)

    def query(self, name: str) -> str:
        """Return a parameter of the query; "" for none."""
        return parse_qs(urlsplit(self.sent.target).query).get(name, [""])[0]


Proceed = Callable[[], Awaitable[Reply]]
"""Runs the operation, and returns its reply."""

Disturbance = Callable[[Call, Proceed], Awaitable["Reply | Silence"]]
"""What an armed service fault does to a call: it answers itself, or lets it proceed and changes the reply."""

Hook = Callable[[Call], Awaitable[None]]
"""Awaited when a call has arrived, before it is served."""


@dataclass(frozen=True, eq=False, repr=False)
class Operation:
    """One operation of a fake, named by the attribute that holds it.

    Attributes:
        method: HTTP method.
        path: Path with `{parameters}`; a parameter `{key}` is the idempotency key.
        handler: The function that serves it.
        undoes: Name of the operation whose effect this one undoes, or "".
        terms: What else is known of it, to the base of its fake; see `harness.services.contract_terms`.
        name: The attribute's name.
        owner: The fake it belongs to.
    """

    method: str
    path: str
    handler: Callable[..., Awaitable[Reply]]
    undoes: str = ""
    terms: Any = None
    name: str = ""
    owner: type[Any] | None = None

    def __set_name__(self, owner: type[Any], name: str) -> None:
        object.__setattr__(self, "name", name)  # a frozen value learns its name once, when its class is made

    def __get__(self, instance: object, owner: type[Any]) -> Operation:
        # An operation inherited from a shared base belongs to the fake it is read from. The owner is Any since a type
        # checker applies this to a fault's field of this type, too, which never gets here.
        return replace(self, owner=owner)

    @property
    def service(self) -> str:
        """The name of the fake it belongs to."""
        return "" if self.owner is None else str(self.owner.name())

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"

    __repr__ = __str__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Operation) and (self.owner, self.name) == (other.owner, other.name)

    def __hash__(self) -> int:
        return hash((self.owner, self.name))


def operation(
    route: str, *, undoes: Operation | None = None, terms: Any = None
) -> Callable[[Callable[..., Awaitable[Reply]]], Operation]:
    """Make a method of a fake an operation.

    Args:
        route: Method and path, such as "POST /bookings".
        undoes: The operation, declared above, whose effect this one undoes.
        terms: What else is known of it, to the base of its fake.

    Raises:
        UsageError: The route is not "METHOD /path".
    """
    if undoes is not None and not isinstance(undoes, Operation):
        raise UsageError(f"undoes must be an operation that is declared above, got {undoes!r}.")
    match = re.fullmatch(r"(GET|POST|PUT|PATCH|DELETE) (/\S*)", route)
    if match is None:
        raise UsageError(f"the route must be 'METHOD /path', such as 'POST /bookings', got {route!r}.")
    method, path = match.groups()
    # `undoes` has no name yet: it gets one when its class is made.
    undone = "" if undoes is None else undoes.name or str(getattr(undoes.handler, "__name__", ""))
    return lambda handler: Operation(method, path, handler, undone, terms)


def body_model(on: Operation) -> type[BaseModel] | None:
    """Return the model of an operation's body, from the annotation of its handler."""
    hints = get_type_hints(on.handler)
    models = [
        hints[name]
        for name in inspect.signature(on.handler).parameters
        if inspect.isclass(hints.get(name)) and issubclass(hints[name], BaseModel)
    ]
    return models[0] if models else None


def problems_of(error: ValidationError) -> str:
    """Return what is wrong with a body, in one line."""
    return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'body'}: {one['msg']}" for one in error.errors())
