"""The control API's HTTP, without sockets."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from harness.embedded_toxiproxy import http
from harness.embedded_toxiproxy.http import Answer, HttpFront, Request
from tests.unit.embedded_toxiproxy.fakes import FakeTransport

GET = b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n"


async def echo(request: Request) -> Answer:
    """Answer with what was asked."""
    if request.target == "/slow":
        await asyncio.sleep(0.01)
    if request.target == "/never":
        await asyncio.sleep(3600)
    if request.target == "/broken":
        raise RuntimeError("on purpose")
    body = f"{request.method} {request.target} ".encode() + request.body
    return Answer(status=200, body=body, headers=(("X-Test", "yes"),))


class Client:
    """A connection of a client.

    Attributes:
        transport: What the server writes to.
    """

    def __init__(self) -> None:
        reader = asyncio.StreamReader(limit=http.CHUNK)
        self.transport = FakeTransport()
        self.front = HttpFront(echo)
        self._protocol = asyncio.StreamReaderProtocol(reader, self.front)
        self._protocol.connection_made(cast("asyncio.Transport", self.transport))

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._protocol.data_received(data)

    async def answers(self, count: int) -> bytes:
        """Wait for so many answers, and return them."""
        async with asyncio.timeout(5):
            while self.transport.written.count(b"HTTP/1.1 ") < count:  # noqa: ASYNC110 - the transport tells nobody
                await asyncio.sleep(0)
        return self.transport.written

    async def closed(self) -> bytes:
        """Wait until the server closes the connection, and return what it has written."""
        async with asyncio.timeout(5):
            while not self.transport.closed:  # noqa: ASYNC110 - the transport tells nobody
                await asyncio.sleep(0.001)
        return self.transport.written

    async def go(self) -> None:
        """Go away, and wait until the server has noticed."""
        self._protocol.connection_lost(None)
        async with asyncio.timeout(5):
            while self.front._open:  # noqa: ASYNC110 - the front tells nobody
                await asyncio.sleep(0)


async def test_pipelined() -> None:
    """Requests that come together are answered in order, a slow one first too."""
    client = Client()
    client.send(GET % b"/slow" + GET % b"/b" + GET % b"/c")
    written = await client.answers(3)
    await client.go()

    assert written.index(b"/slow") < written.index(b"/b") < written.index(b"/c")


async def test_connection_close() -> None:
    """A client that wants the connection closed has it closed."""
    client = Client()
    client.send(b"GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    written = await client.closed()
    await client.go()

    assert b"Connection: close\r\n" in written
    assert written.endswith(b"GET /a ")


async def test_expect_continue() -> None:
    """A client that asks first is told to go on."""
    client = Client()
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
    assert await client.answers(1) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.send(b"{}")
    written = await client.answers(2)
    await client.go()

    assert written.endswith(b"POST /a {}")


@pytest.mark.parametrize("connection", [b"", b"Connection: Upgrade, HTTP2-Settings\r\n", b"Connection: keep-alive\r\n"])
async def test_an_offer_of_another_protocol(connection: bytes) -> None:
    """An offer to upgrade is declined with an ordinary answer, and the next request gets its own."""
    client = Client()
    client.send(b"POST /a HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n" + connection + b"Content-Length: 2\r\n\r\n{}")
    await client.answers(1)
    client.send(GET % b"/b")
    written = await client.answers(2)
    await client.go()

    assert written.count(b"HTTP/1.1 200 OK") == 2
    assert written.index(b"POST /a {}") < written.index(b"GET /b ")


async def test_a_handler_that_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """After 25 s, here less, the answer is a 503 in HTML (TX-011)."""
    monkeypatch.setattr(http, "PATIENCE", 0.01)
    client = Client()
    client.send(GET % b"/never")
    written = await client.answers(1)
    await client.go()

    assert written.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert written.endswith(b"<h1>Timeout</h1></body></html>")


async def test_a_handler_that_breaks() -> None:
    """A mistake of ours is a 500, and the connection goes on."""
    client = Client()
    client.send(GET % b"/broken" + GET % b"/a")
    written = await client.answers(2)
    await client.go()

    assert written.startswith(b"HTTP/1.1 500 ")
    assert written.endswith(b"GET /a ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\x16\x03\x01\r\n", b"400"),
        (b"GET /a HTTP/9.9\r\nHost: x\r\n\r\n", b"505"),
        (b"GET /a HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /" + b"a" * 90_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 15_000, b"431"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\nX:" + b" " * 60_000 + b"\x00\r\n\r\n", b"431"),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + bytes(1_100_000), b"413"),
        (b"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n10c8e0\r\n" + bytes(1_100_000), b"413"),
    ],
    ids=["TLS", "version", "no host", "URL", "headers", "blanks", "body", "chunks"],
)
async def test_what_is_refused(request_: bytes, status: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no request, or too large a one, is answered with its status and closed, without being read on."""
    monkeypatch.setattr(http, "LINGER", 0.01)
    client = Client()
    client.send(request_)
    written = await client.closed()
    await client.go()

    assert written.startswith(b"HTTP/1.1 " + status + b" ")
    assert b"Connection: close\r\n" in written


@pytest.mark.parametrize(
    ("limit", "sent"),
    [("IDLE", b""), ("IDLE", b"GET /a HT"), ("READ", b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")],
)
async def test_too_slow(limit: str, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without a whole request is closed after a while."""
    monkeypatch.setattr(http, limit, 0.01)
    client = Client()
    client.send(sent)
    written = await client.closed()
    await client.go()

    assert written == b""


async def test_head_has_no_body() -> None:
    """HEAD is answered without a body."""
    client = Client()
    client.send(b"HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n")
    written = await client.answers(1)
    await client.go()

    assert b"Content-Length: 8\r\n" in written
    assert written.endswith(b"\r\n\r\n")


async def test_close(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the server ends, an answer under way is given, and a connection without a request is closed."""
    monkeypatch.setattr(http, "LINGER", 0.5)
    busy, idle = Client(), Client()
    busy.send(GET % b"/slow" + GET % b"/b")
    async with asyncio.timeout(5):
        while not any(one._at_work for one in busy.front._open):  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
    await asyncio.gather(busy.front.close(), idle.front.close())

    assert busy.transport.closed
    assert idle.transport.closed
    assert busy.transport.written.endswith(b"GET /slow ")
    await asyncio.gather(busy.go(), idle.go())
