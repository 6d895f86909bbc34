"""The ASGI application of a fake: its operations at their paths, and further ones that it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from harness.services.operation import Operation

Serve = Callable[[Operation, Scope, Receive, Send], Awaitable[None]]


def application(name: str, operations: Sequence[Operation], serve: Serve, further: Iterable[BaseRoute]) -> ASGIApp:
    """Return the application.

    Args:
        name: The fake's, for what it answers where it has nothing.
        operations: What it can be asked to do.
        serve: Serves one request of an operation.
        further: What else it has.
    """
    possible = ", ".join(f"{one.method} {one.path}" for one in operations)

    async def not_found(request: Request, _error: Exception) -> Response:
        text = f"{name} has no {request.method} {request.url.path}; it has {possible}."
        return JSONResponse({"error": text}, status_code=404)

    async def not_allowed(request: Request, error: Exception) -> Response:
        # Starlette names the methods of one route only, where a path has several.
        here = [one for one in own if one.matches(request.scope)[0] is not Match.NONE]
        methods = ", ".join(sorted({method for one in here for method in one.methods or ()}))
        # Of what is no operation, it says what it can.
        allow = methods or (getattr(error, "headers", None) or {}).get("Allow", "")
        text = f"{name} has no {request.method} {request.url.path}; it has {allow} there."
        return JSONResponse({"error": text}, status_code=405, headers={"Allow": allow})

    own = [Route(one.path, _Endpoint(serve, one), methods=[one.method]) for one in operations]
    return Starlette(routes=[*further, *own], exception_handlers={404: not_found, 405: not_allowed})


class _Endpoint:
    """An operation as an ASGI application: a class, since Starlette would wrap a plain function."""

    def __init__(self, serve: Serve, on: Operation) -> None:
        self._serve = serve
        self._on = on

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._serve(self._on, scope, receive, send)
