"""Converts between HTTP messages and the requests and replies of a fake."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope

from harness.services.operation import Reply, Sent


async def received(scope: Scope, receive: Receive) -> tuple[Request, bytes | None]:
    """Return a request with its body; None where the caller goes before it has sent all of it."""
    request = Request(scope, receive)
    try:
        return request, await request.body()
    except ClientDisconnect:
        return request, None


def as_sent(request: Request, content: bytes) -> Sent:
    """Return a request as it came."""
    # As it is on the wire: a signature covers that.
    path = request.scope.get("raw_path") or request.url.path.encode()
    query = request.scope["query_string"]
    return Sent(
        method=request.method,
        target=(path + (b"?" + query if query else b"")).decode("latin-1"),
        headers=dict(request.headers),
        content=content,
    )


def as_response(reply: Reply) -> Response:
    """Return a reply as it is sent."""
    if reply.raw is not None:
        return Response(reply.raw, reply.status, dict(reply.headers), media_type="application/json")
    if not reply.has_body:
        return Response(None, reply.status, dict(reply.headers))
    return JSONResponse(reply.body, reply.status, dict(reply.headers))


async def disconnected(receive: Receive) -> None:
    """Wait until the caller has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
