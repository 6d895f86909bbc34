"""A fake answers with uvicorn's protocol and can cut a connection: without that, no fault of a service happens."""

from __future__ import annotations

import asyncio
from asyncio import Transport
from typing import Any

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from harness.library_internals.uvicorn_protocol import UvicornProtocols

HERE, THERE = ("127.0.0.1", 80), ("127.0.0.1", 40001)


class Connection(Transport):
    """A connection in memory."""

    def __init__(self, protocols: UvicornProtocols) -> None:
        super().__init__({"peername": THERE, "sockname": HERE})
        self.protocol: Any = protocols()
        self.written = b""
        self.closed = False
        self.protocol.connection_made(self)

    def ask(self, path: str) -> None:
        """Send a request."""
        self.protocol.data_received(f"GET {path} HTTP/1.1\r\nHost: fake\r\n\r\n".encode())

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep it."""
        self.written += bytes(data)

    def abort(self) -> None:
        """Close at once."""
        self.closed = True
        self.protocol.connection_lost(None)

    def is_closing(self) -> bool:
        """Whether it has been closed."""
        return self.closed

    def close(self) -> None:
        """As `abort` has done."""


async def test_a_request_is_answered_with_no_header_of_uvicorn_s_own() -> None:
    """And the connection stays open."""
    transports: dict[object, Transport] = {}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope["path"])(scope, receive, send)

    protocols = UvicornProtocols(app, transports)
    connection = Connection(protocols)
    connection.ask("/flights")
    await asyncio.gather(*protocols.tasks)

    head, _, body = connection.written.partition(b"\r\n\r\n")
    assert (head.splitlines()[0], body) == (b"HTTP/1.1 200 OK", b"/flights")
    assert {line.partition(b":")[0] for line in head.splitlines()[1:]} == {b"content-length", b"content-type"}
    assert not connection.closed
    connection.abort()


async def test_the_application_can_cut_the_connection_of_its_request() -> None:
    """It finds the transport by the scope's client; nothing is written, and a closed connection is forgotten."""
    transports: dict[object, Transport] = {}

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        transports[scope["client"]].abort()

    protocols = UvicornProtocols(app, transports)
    connection = Connection(protocols)
    assert list(transports.values()) == [connection]
    connection.ask("/flights")
    await asyncio.gather(*protocols.tasks)

    assert connection.written == b""
    assert transports == {}


async def test_a_request_that_is_being_answered_can_be_cancelled() -> None:
    """By its task, so that a fake that hangs can be stopped."""

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    protocols = UvicornProtocols(app, {})
    connection = Connection(protocols)
    connection.ask("/flights")
    (task,) = protocols.tasks
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    connection.abort()

    assert task.cancelled()
    assert protocols.tasks == ()
