"""Groups the requests by the service that they go to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from harness.files.naming import camel_case, snake_case
from harness.init.find.requests import Base, FoundRequest
from harness.services.service import FakeService
from harness.workers.custom import GIVEN, PLACEHOLDERS

_SUFFIX = re.compile(
    r"_?(BASE|API|SERVICE|SVC|HTTP)?_?(URL|URI|HOST|ENDPOINT|ADDRESS|ADDR|ORIGIN|SERVER|BASE)$", re.IGNORECASE
)
_LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "::1"})  # noqa: S104 - names are compared, nothing listens


@dataclass(frozen=True, kw_only=True)
class FoundOperation:
    """One operation of a service.

    Attributes:
        name: Of the fake's method.
        path: With the prefix of the base URL.
        request: The first request of this kind.
    """

    name: str
    path: str
    request: FoundRequest

    @property
    def shape(self) -> tuple[str, str]:
        """What is the same for all requests of its kind."""
        return _shape(self.request)

    @property
    def changes(self) -> bool:
        """Whether it has an effect."""
        return self.request.method != "GET"


@dataclass(frozen=True, kw_only=True)
class FoundService:
    """A service that the application calls.

    Attributes:
        name: Of its fake, such as "payments".
        base: How it is reached.
        operations: What is asked of it.
    """

    name: str
    base: Base
    operations: Sequence[FoundOperation]

    @property
    def kind(self) -> str:
        """The name of the fake's class."""
        return camel_case(self.name)

    @property
    def reached(self) -> str:
        """How it is reached, in words."""
        if self.base.env:
            return f"at ${self.base.env}" + (f" (default {self.base.url}{self.base.prefix})" if self.base.url else "")
        if self.base.host:
            return f"at {self.base.url}, written into the code"
        return f"at {self.base.url}, written into the code: have the code read it from an environment variable"

    def answers(self, request: FoundRequest) -> bool:
        """Whether a request goes to it."""
        return self.base.service == request.base.service

    def operation_of(self, request: FoundRequest) -> FoundOperation | None:
        """Return the operation that a request asks for."""
        return next((one for one in self.operations if one.shape == _shape(request)), None)


def services_of(requests: Sequence[FoundRequest]) -> list[FoundService]:
    """Return the services, in the order of the requests."""
    by_base: dict[str, list[FoundRequest]] = {}
    for one in requests:
        by_base.setdefault(one.base.service, []).append(one)
    services: list[FoundService] = []
    for several in by_base.values():
        name = _name(several[0].base)
        taken = {one.name for one in services}
        number = 1
        while name in taken:
            number += 1
            name = f"{_name(several[0].base)}_{number}"
        services.append(FoundService(name=name, base=several[0].base, operations=_operations(several)))
    return services


def _operations(requests: Sequence[FoundRequest]) -> list[FoundOperation]:
    found: dict[tuple[str, str], FoundOperation] = {}
    for one in requests:
        path = one.base.prefix + one.path
        shape = _shape(one)
        if shape in found:
            continue
        name = re.sub(r"\W", "_", one.function).strip("_") or "call"
        if hasattr(FakeService, name):
            name = f"{name}_it"
        taken = {each.name for each in found.values()}
        plain, number = name, 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        found[shape] = FoundOperation(name=name, path=path, request=one)
    return list(found.values())


def _shape(request: FoundRequest) -> tuple[str, str]:
    return request.method, re.sub(r"\{[^}]*\}", "{}", request.base.prefix + request.path)


def _name(base: Base) -> str:
    """Return a name for a service, from its variable or its host."""
    if base.env:
        plain = base.env
        while (shorter := _SUFFIX.sub("", plain)) not in {plain, ""}:
            plain = shorter
        name = plain.lower()
    else:
        host = urlsplit(base.url).hostname or ""
        labels = [one for one in host.split(".") if one not in {"api", "www", "svc", "local"}]
        name = f"service_{urlsplit(base.url).port or 80}" if host in _LOCAL else (labels or ["service"])[0]
    name = re.sub(r"\W+", "_", name).strip("_").lower()
    name = name if name.isidentifier() else f"service_{name}"
    # The name of a fake is that of its class in snake_case.
    name = snake_case(camel_case(name))
    return f"{name}_service" if name in {*GIVEN, *PLACEHOLDERS, "service", "redis"} else name
