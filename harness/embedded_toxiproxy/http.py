"""The control API's side of HTTP: h11 speaks the protocol, here are its connections, their limits and their patience.

An ASGI server would take longer to import than everything else that this process does until it is ready, and its
defaults (Allow, Server and Date headers, its own 404 and 405) are not what clients of Toxiproxy see.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus

import h11

_LOG = logging.getLogger("toxiproxy")

# TX-011: a request that takes longer is answered 503. Seconds, as all that follow.
PATIENCE = 25.0
# A connection is closed if the head of the next request has not come by then.
IDLE = 60.0
# A request is dropped if the rest of it has not come by then.
READ = 15.0
# A connection is cut if its client has not read an answer by then.
WRITE = 30.0
# After a refusal the rest of what the client sends is dropped for so long, so that it can read why.
LINGER = 1.0
# The request line with all headers. Bytes, as all that follow. h11's time grows with the square of the blanks in an
# invalid header: 17 s for 60,000 of them, 0.3 s for 8,000.
BIGGEST_HEAD = 8 * 1024
BIGGEST_BODY = 1024 * 1024
# Larger bodies are read only so many at a time, whatever the number of connections.
SMALL_BODY = 64 * 1024
LARGE_AT_ONCE = 8
# How much of what has come is looked at in one turn.
CHUNK = 4 * 1024

_TOO_LATE = b"<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>"
_REASONS = {status.value: status.phrase for status in HTTPStatus}


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, complete.

    Attributes:
        method: As it came.
        target: Path and query as they came, not decoded; ASCII.
        headers: By their names in lower case; the last one counts.
        body: The whole body.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())


Handler = Callable[[Request], Awaitable[Answer]]


class HttpFront:
    """Serves HTTP: `asyncio.start_server` calls it with each connection.

    Args:
        handler: Answers a request.
    """

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._open: dict[_Connection, asyncio.Task[None]] = {}

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until an end closes it."""
        connection = _Connection(self._handler, self._large, reader, writer)
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        self._open[connection] = task
        try:
            await connection.serve()
        finally:
            del self._open[connection]

    async def close(self) -> None:
        """Close every connection, as soon as the answer under way has been given."""
        for connection in self._open:
            connection.end()
        if self._open:
            await asyncio.wait([*self._open.values()], timeout=LINGER)


class _RefusedError(Exception):
    """A request that is answered without being understood, before the connection is closed."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class _Connection:
    """One connection of a client: requests are answered in the order in which they came."""

    def __init__(
        self, handler: Handler, large: asyncio.Semaphore, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._handler = handler
        self._large = large
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=BIGGEST_HEAD)
        self._at_work = False
        self._ending = False

    def end(self) -> None:
        """Serve no further request."""
        self._ending = True
        if not self._at_work:
            self._writer.close()

    async def serve(self) -> None:
        """Serve it until an end closes it."""
        try:
            refused = await self._exchanges()
            if refused is not None and self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
                await self._refuse(*refused)
        except OSError:
            pass  # The client has gone, or is too slow.
        finally:
            self._writer.close()

    async def _exchanges(self) -> tuple[int, str] | None:
        """Serve requests; return with which status and why the last one is refused, if it is."""
        # What is caught here is gone when the refusal lingers: a traceback holds the body that was too large.
        try:
            while await self._exchange():
                pass
        except h11.RemoteProtocolError as error:
            large = error.error_status_hint == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            why = f"request line and headers may have {BIGGEST_HEAD} bytes" if large else "not a request"
            return error.error_status_hint, why
        except _RefusedError as error:
            return error.status, str(error)
        return None

    async def _exchange(self) -> bool:
        """Serve one request; return whether another may follow."""
        self._at_work = False
        async with asyncio.timeout(IDLE):
            head = await self._next_event()
        if not isinstance(head, h11.Request):
            return False
        self._at_work = True
        if head.http_version not in {b"1.0", b"1.1"}:
            raise _RefusedError(505, "only HTTP/1.0 and HTTP/1.1 are spoken")
        async with asyncio.timeout(READ):
            body = await self._body()
        request = Request(
            method=head.method.decode("ascii"),
            target=head.target.decode("ascii"),
            headers={name.decode("ascii"): value.decode("latin-1") for name, value in head.headers},
            body=body,
        )
        await self._send(await self._answer(request), without_body=request.method == "HEAD")
        if self._ending or self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        # A client that sends requests without waiting for answers gives way to everybody else.
        await asyncio.sleep(0)
        return True

    async def _next_event(self) -> object:
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                self._writer.write(
                    self._http.send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")) or b""
                )
            self._http.receive_data(await self._reader.read(CHUNK))
        return event

    async def _body(self) -> bytes:
        body = bytearray()
        async with AsyncExitStack() as stack:
            large = False
            while isinstance(event := await self._next_event(), h11.Data):
                body += event.data
                if len(body) > BIGGEST_BODY:
                    raise _RefusedError(413, f"a body may have {BIGGEST_BODY} bytes")
                if not large and len(body) > SMALL_BODY:
                    large = True
                    await stack.enter_async_context(self._large)
            return bytes(body)

    async def _answer(self, request: Request) -> Answer:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._handler(request)
        except TimeoutError:
            return Answer(status=503, body=_TOO_LATE, headers=(("Content-Type", "text/html; charset=utf-8"),))
        except Exception:  # noqa: BLE001 - one bad answer may not end the server, and it is logged
            _LOG.exception("no answer to %s %r", request.method, request.target)
            return Answer(status=500)

    async def _send(self, answer: Answer, *, without_body: bool = False) -> None:
        headers = [*answer.headers]
        if answer.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", str(len(answer.body))))
        events: list[h11.Event] = [
            h11.Response(
                status_code=answer.status,
                headers=[(name.encode(), value.encode("latin-1")) for name, value in headers],
                reason=_REASONS.get(answer.status, "").encode(),
            )
        ]
        if answer.body and not without_body:
            events.append(h11.Data(data=answer.body))
        events.append(h11.EndOfMessage())
        self._writer.write(b"".join(self._http.send(event) or b"" for event in events))
        try:
            async with asyncio.timeout(WRITE):
                await self._writer.drain()
        except TimeoutError:
            self._writer.transport.abort()
            raise

    async def _refuse(self, status: int, why: str) -> None:
        line = f"{status} {_REASONS.get(status, '')}: {why}".encode()
        headers = (("Content-Type", "text/plain; charset=utf-8"), ("Connection", "close"))
        await self._send(Answer(status=status, body=line, headers=headers))
        self._writer.write_eof()
        # Closed with bytes unread, the kernel would reset the connection, and the answer would be lost with it.
        async with asyncio.timeout(LINGER):
            while await self._reader.read(CHUNK):
                pass
