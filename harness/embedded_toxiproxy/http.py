"""As much of an HTTP/1.1 server as a control API needs, on one asyncio Protocol.

An ASGI server would double the time this process takes to start, and its defaults (Allow, Server and Date headers, its
own 404 and 405) are not what clients of Toxiproxy see.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

import httptools

_LOG = logging.getLogger("toxiproxy")

# TX-011: a request that takes longer is answered 503. Seconds.
PATIENCE = 25.0
# A connection without a request is closed after this long. Seconds.
IDLE = 60.0
BIGGEST_BODY = 16 * 1024 * 1024

_TOO_LATE = b"<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>"
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, complete.

    Attributes:
        method: As it came.
        target: Path and query as they came, not decoded.
        user_agent: Empty when there is none.
        body: The whole body.
        keep_alive: Whether another may follow on the same connection.
    """

    method: str
    target: bytes
    user_agent: str
    body: bytes
    keep_alive: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


Handler = Callable[[Request], Awaitable[Answer]]


class HttpConnection(asyncio.Protocol):
    """One connection of a client: requests are answered in the order in which they came.

    Args:
        handler: Answers a request.
        connections: The set of open connections, kept up to date.
    """

    def __init__(self, handler: Handler, connections: set[HttpConnection]) -> None:
        self._handler = handler
        self._connections = connections
        self._parser = httptools.HttpRequestParser(self)
        self._waiting: deque[Request] = deque()
        self._task: asyncio.Task[None] | None = None
        self._target = b""
        self._agent = b""
        self._body = bytearray()
        self._headers: list[tuple[bytes, bytes]] = []
        self._upgrade = False
        self._idle: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request."""
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - however it was lost
        """Stop waiting; a request at work is finished for its effect."""
        self._connections.discard(self)
        self._stop_waiting()
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        """Read on."""
        self._stop_waiting()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as error:
            self._decline_upgrade(data[error.args[0] :])
        except (httptools.HttpParserError, httptools.HttpParserCallbackError):
            self._refuse(b"not a request")
        if self._task is None and not self._waiting:
            self._wait()

    def close(self) -> None:
        """Close, as soon as the answer under way has been given."""
        if self._task is None:
            self._transport.close()
        else:
            self._task.add_done_callback(lambda _: self._transport.close())

    # -- the parser calls these

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._target = self._agent = b""
        self._body = bytearray()
        self._headers = []
        self._upgrade = False

    def on_url(self, url: bytes) -> None:
        """Take a piece of the target."""
        self._target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        name = name.lower()
        self._headers.append((name, value))
        if name == b"user-agent":
            self._agent = value
        elif name == b"upgrade":
            self._upgrade = True
        elif name == b"expect" and value.lower() == b"100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._body += body
        if len(self._body) > BIGGEST_BODY:
            raise ValueError("too long a body")

    def on_message_complete(self) -> None:
        """Answer the request, or have it wait for its turn."""
        if self._upgrade:
            return
        request = Request(
            method=self._parser.get_method().decode("latin-1"),
            target=self._target,
            user_agent=self._agent.decode("latin-1"),
            body=bytes(self._body),
            keep_alive=self._parser.should_keep_alive(),
        )
        self._waiting.append(request)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())
        elif len(self._waiting) > 16:
            self._transport.pause_reading()

    async def _work(self) -> None:
        try:
            while self._waiting:
                request = self._waiting.popleft()
                answer = await self._answer(request)
                if self._transport.is_closing():
                    return
                self._transport.write(_written(request, answer))
                if not request.keep_alive:
                    self._transport.close()
                    return
            self._transport.resume_reading()
            self._wait()
        finally:
            self._task = None

    async def _answer(self, request: Request) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._handler(request)
        except TimeoutError:
            return Answer(status=503, body=_TOO_LATE, headers=(("Content-Type", "text/html; charset=utf-8"),))
        except Exception:  # noqa: BLE001 - one bad answer may not end the server, and it is logged
            _LOG.exception("no answer to %s %r", request.method, request.target)
            return Answer(status=500)

    def _decline_upgrade(self, rest: bytes) -> None:
        """Read a request again without its offer of another protocol, which some clients make with every request.

        The parser ends at such an offer, even if a body is still to come.
        """
        kept = [(name, value) for name, value in self._headers if name not in {b"upgrade", b"connection"}]
        lines = [self._parser.get_method() + b" " + self._target + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in kept]
        self._parser = httptools.HttpRequestParser(self)
        self.data_received(b"\r\n".join((*lines, b"", rest)))

    def _refuse(self, why: bytes) -> None:
        if not self._transport.is_closing():
            head = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
            self._transport.write(head + b"400 Bad Request: " + why)
            self._transport.close()

    def _wait(self) -> None:
        self._stop_waiting()
        self._idle = asyncio.get_running_loop().call_later(IDLE, self._transport.close)

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


def _written(request: Request, answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {_REASONS.get(answer.status, '')}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    if answer.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Length: {len(answer.body)}")
    if not request.keep_alive:
        lines.append("Connection: close")
    head = "\r\n".join((*lines, "", "")).encode("latin-1", "replace")
    return head if request.method == "HEAD" else head + answer.body
