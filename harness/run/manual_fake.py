"""A fake that runs by hand is programmed over HTTP: its journal read, its faults armed and cleared.

GET    /_fake/journal            every event so far
DELETE /_fake/journal            forget journal, effects and counts; what is armed stays armed
GET    /_fake/faults             what is armed, by name
POST   /_fake/faults             arm one, such as
{"kind": "http_error", "on": "book", "status": 503,
"when": {"kind": "first_calls", "n": 2}}
DELETE /_fake/faults             heal all of them
DELETE /_fake/faults/{name}      heal one

What may come from a web page is answered 403.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from random import Random
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.catalog import kind_at
from harness.embedded_toxiproxy.web_pages import why_refused
from harness.errors import UsageError, unknown
from harness.evidence.event_json import to_json
from harness.evidence.event_stream import Stream
from harness.extensions import extensions
from harness.fault import Fault
from harness.faults.families import ServiceFault
from harness.files.naming import kind_of, kinds_in
from harness.run.arming import armed
from harness.services.operation import Operation
from harness.services.service import CONTROL, FakeService
from harness.temporal.history_feed import HistoryFeed
from harness.testbed.testbed import Testbed
from harness.trigger import ALWAYS, Trigger


class RemoteControl:
    """The control paths of one running fake.

    Args:
        service: The fake.
        host: What it is told to listen on.
    """

    def __init__(self, service: FakeService, *, host: str = "127.0.0.1") -> None:
        self._service = service
        self._host = host
        self._armed: dict[str, tuple[AsyncExitStack, Fault]] = {}

    def routes(self) -> list[BaseRoute]:
        """The paths, for the fake to serve beside its own."""
        routes = [
            Route("/journal", self._journal, methods=["GET"]),
            Route("/journal", self._clear, methods=["DELETE"]),
            Route("/faults", self._faults, methods=["GET"]),
            Route("/faults", self._arm, methods=["POST"]),
            Route("/faults", self._heal_all, methods=["DELETE"]),
            Route("/faults/{name}", self._heal, methods=["DELETE"]),
        ]
        return [Mount(CONTROL, routes=routes, middleware=[Middleware(_NoWebPages, host=self._host)])]

    async def _journal(self, _request: Request) -> Response:
        return JSONResponse([to_json(event) for event in self._service.journal])

    async def _clear(self, _request: Request) -> Response:
        self._service.clear()
        return Response(status_code=204)

    async def _faults(self, _request: Request) -> Response:
        return JSONResponse({name: repr(fault) for name, (_, fault) in self._armed.items()})

    async def _arm(self, request: Request) -> Response:
        try:
            fault = read_fault(json.loads(await request.body()), type(self._service))
        except ValueError as error:
            return JSONResponse({"error": f"the body is not JSON: {error}"}, status_code=400)
        except UsageError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        name = self._free_name(f"{kind_of(fault)}@{fault.on}")
        stream = Stream()
        stream.listen(self._service.record)
        testbed = Testbed(
            stream=stream,
            services={type(self._service): self._service},
            proxies={},
            history=HistoryFeed(),
            random=Random(0),  # noqa: S311 - repeatable chance, not secrecy
        )
        stack = AsyncExitStack()
        await stack.enter_async_context(armed({name: fault}, testbed))
        self._armed[name] = (stack, fault)
        return JSONResponse({"name": name}, status_code=201)

    async def _heal(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._armed:
            return JSONResponse({"error": unknown("armed fault", name, self._armed)}, status_code=404)
        await self._armed.pop(name)[0].aclose()
        return Response(status_code=204)

    async def _heal_all(self, _request: Request) -> Response:
        while self._armed:
            await self._armed.popitem()[1][0].aclose()
        return Response(status_code=204)

    def _free_name(self, base: str) -> str:
        return next(
            name
            for number in range(1, len(self._armed) + 2)
            if (name := base if number == 1 else f"{base}~{number}") not in self._armed
        )


class _NoWebPages:
    """Refuses requests that a web page may have sent through a browser on this machine."""

    def __init__(self, app: ASGIApp, host: str) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Request(scope).headers
        why = why_refused(
            user_agent=headers.get("user-agent", ""),
            origin=headers.get("origin", ""),
            host=headers.get("host", ""),
            own=self._host,
        )
        answer = self._app if why is None else JSONResponse({"error": f"{why}."}, status_code=403)
        await answer(scope, receive, send)


def read_fault(data: Any, service: type[FakeService]) -> ServiceFault:
    """Build a service fault from JSON data.

    Raises:
        UsageError: There is no such kind, operation or trigger, or a setting makes no sense; all problems at once.
    """
    fault: ServiceFault = _read(data, "faults.service", service.operations())
    problems = tuple(fault.problems())
    if problems:
        raise UsageError(*problems)
    return fault


def _read(data: Any, package: str, operations: Mapping[str, Operation]) -> Any:
    if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str):
        raise UsageError(
            f'expected an object with a "kind", such as one of {", ".join(kinds_in(package))}; got {data!r}.'
        )
    kind = _kind(package, data["kind"])
    hints = get_type_hints(kind)
    names = {one.name for one in dataclasses.fields(kind)}
    problems = [unknown(f"setting of {data['kind']}", key, names) for key in data if key not in {*names, "kind"}]
    settings: dict[str, Any] = {}
    for key in names & set(data):
        try:
            settings[key] = _setting(data[key], hints[key], operations)
        except UsageError as error:
            problems += error.problems
        except ValidationError as error:
            problems.append(f"{key}: {error.errors()[0]['msg']}, got {data[key]!r}.")
    if problems:
        raise UsageError(*problems)
    try:
        return kind(**settings)
    except TypeError as error:
        lacking = [one.name for one in dataclasses.fields(kind) if _needed(one) and one.name not in settings]
        raise UsageError(f"{data['kind']} needs {', '.join(lacking)}.") from error


def _kind(package: str, name: str) -> Any:
    """Return the class of a kind, of the harness or of another distribution."""
    others = extensions(package.partition(".")[0])
    if name not in others:
        return kind_at(package, name, others=others.found)
    kind = others[name].load()
    if package == "faults.service" and not issubclass(kind, ServiceFault):
        raise UsageError(f"{others[name]} is no fault inside a service; a fake that runs by hand has no other.")
    return kind


def _needed(one: dataclasses.Field[Any]) -> bool:
    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING


def _setting(value: Any, hint: Any, operations: Mapping[str, Operation]) -> Any:
    if hint is Operation or hint == Operation | None:
        if not isinstance(value, str) or value not in operations:
            raise UsageError(unknown("operation", str(value), operations))
        return operations[value]
    if hint is Trigger and value == {"kind": "at_start"}:
        return ALWAYS
    if hint is Trigger:
        return _read(value, "triggers", operations)
    return TypeAdapter(hint).validate_python(value)
