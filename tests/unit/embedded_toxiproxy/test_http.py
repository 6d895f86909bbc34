"""The control API's HTTP, without sockets."""

from __future__ import annotations

import asyncio

import pytest

from harness.embedded_toxiproxy import http
from harness.embedded_toxiproxy.http import Answer, HttpConnection, Request
from tests.unit.embedded_toxiproxy.fakes import FakeTransport

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


async def echo(request: Request) -> Answer:
    """Answer with what was asked."""
    if request.target == b"/slow":
        await asyncio.sleep(0.01)
    if request.target == b"/never":
        await asyncio.sleep(3600)
    if request.target == b"/broken":
        raise RuntimeError("on purpose")
    body = request.method.encode() + b" " + request.target + b" " + request.body
    return Answer(status=200, body=body, headers=(("X-Test", "yes"),))


def connected() -> tuple[HttpConnection, FakeTransport]:
    """Connect a client."""
    connection, transport = HttpConnection(echo, set()), FakeTransport()
    connection.connection_made(transport)
    return connection, transport


async def answers(transport: FakeTransport, count: int) -> bytes:
    """Wait for so many answers."""
    async with asyncio.timeout(2):
        while transport.written.count(b"HTTP/1.1 ") < count:  # noqa: ASYNC110 - the transport tells nobody
            await asyncio.sleep(0)
    return transport.written


async def test_pipelined() -> None:
    """Requests that come together are answered in order, a slow one first too."""
    connection, transport = connected()
    connection.data_received(GET % b"/slow" + GET % b"/b" + GET % b"/c")
    written = await answers(transport, 3)
    connection.connection_lost(None)

    assert written.index(b"/slow") < written.index(b"/b") < written.index(b"/c")
    assert not transport.closed


async def test_connection_close() -> None:
    """A client that wants the connection closed has it closed."""
    connection, transport = connected()
    connection.data_received(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    written = await answers(transport, 1)
    await asyncio.sleep(0)
    connection.connection_lost(None)

    assert b"Connection: close\r\n" in written
    assert transport.closed


async def test_expect_continue() -> None:
    """A client that asks first is told to go on."""
    connection, transport = connected()
    connection.data_received(b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert transport.written == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.data_received(b"{}")
    written = await answers(transport, 2)
    connection.connection_lost(None)

    assert written.endswith(b"POST /a {}")


async def test_a_handler_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """After 25 s, here less, the answer is a 503 in HTML (TX-011)."""
    monkeypatch.setattr(http, "PATIENCE", 0.01)
    connection, transport = connected()
    connection.data_received(GET % b"/never")
    written = await answers(transport, 1)
    connection.connection_lost(None)

    assert written.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert written.endswith(b"<h1>Timeout</h1></body></html>")


async def test_a_handler_that_breaks() -> None:
    """A mistake of ours is a 500, and the connection goes on."""
    connection, transport = connected()
    connection.data_received(GET % b"/broken" + GET % b"/a")
    written = await answers(transport, 2)
    connection.connection_lost(None)

    assert written.startswith(b"HTTP/1.1 500 ")
    assert written.endswith(b"GET /a ")


async def test_no_request() -> None:
    """Bytes that are no request are refused."""
    connection, transport = connected()
    connection.data_received(b"\x16\x03\x01")
    connection.connection_lost(None)

    assert transport.written.startswith(b"HTTP/1.1 400 ")
    assert transport.closed


async def test_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without a request is closed after a while."""
    monkeypatch.setattr(http, "IDLE", 0.01)
    connection, transport = connected()
    async with asyncio.timeout(2):
        while not transport.closed:  # noqa: ASYNC110 - the transport tells nobody
            await asyncio.sleep(0.001)
    connection.connection_lost(None)

    assert transport.written == b""


async def test_head_has_no_body() -> None:
    """HEAD is answered without a body."""
    connection, transport = connected()
    connection.data_received(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
    written = await answers(transport, 1)
    connection.connection_lost(None)

    assert written.endswith(b"\r\n\r\n")
