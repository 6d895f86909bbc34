"""A forward proxy on loopback: what is sent to a host that is written into the code reaches its fake.

A client asks it with CONNECT for https, and with the whole URL for http. TLS ends here, with a certificate of the run's
own authority; the bytes inside go on as they come, to the fake's Toxiproxy proxy, one connection for each of the
client's. So every network fault works as on a base URL, and keep-alive, streaming and `Expect` are between the client
and the fake.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from harness.events import Event
from harness.evidence.host_events import CertificateRefused, HostRefused
from harness.fixed_hosts.names import is_loopback, plain_host
from harness.fixed_hosts.proxy_request import ProxyRequest, read_request

HEAD_WITHIN = 30
"""Seconds for the head of a request, and for the TLS handshake."""

_LIKE_A_REFUSAL = "as a client does that refuses the run's certificate"
_RESET = struct.pack("ii", 1, 0)
_CHUNK = 64 * 1024


class ForwardProxy:
    """Serves the hosts of one run, and refuses all others.

    Args:
        routes: HOST:PORT of the proxy of a fake, by each host that the fake stands in for.
        context: With which TLS is ended.
        emit: Receives which hosts were refused, and which clients refused the certificate.
    """

    def __init__(
        self, routes: Mapping[str, str], *, context: ssl.SSLContext, emit: Callable[[Event], None] = lambda _: None
    ) -> None:
        self._routes = {plain_host(host): address for host, address in routes.items()}
        self._context = context
        self._emit = emit
        self._serving: dict[asyncio.Task[None], StreamWriter] = {}

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Listen on a free port inside the context, and give HOST:PORT; leaving it cuts every connection."""
        server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        try:
            yield f"{host}:{port}"
        finally:
            server.close()
            serving = dict(self._serving)
            for task in serving:
                task.cancel()
            await asyncio.gather(*serving, return_exceptions=True)
            await server.wait_closed()

    def _accepted(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving[task] = writer
        task.add_done_callback(self._serving.pop)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_WITHIN):
                head = await reader.readuntil(b"\r\n\r\n")
            request = read_request(head)
        except ValueError as error:
            await _refuse(writer, 400, str(error))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        else:
            await self._pass_on(request, reader, writer)
        finally:
            # TLS says goodbye in `_pass_on`; what is still open is cut.
            writer.transport.abort()

    async def _pass_on(self, request: ProxyRequest, reader: StreamReader, writer: StreamWriter) -> None:
        fake = self._routes.get(plain_host(request.host))
        if fake is None and not is_loopback(request.host):
            self._emit(HostRefused(host=request.host, port=request.port))
            await _refuse(writer, 403, f"no fake of this scenario has the host {request.host}")
            return
        try:
            address, _, port = fake.rpartition(":") if fake is not None else (request.host, "", request.port)
            upstream, to_upstream = await asyncio.open_connection(address, int(port))
        except OSError:
            # As near to a refused connection as a client of a proxy can see: an answer would be one of the proxy.
            _reset(writer)
            return
        try:
            if request.tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.drain()
            else:
                to_upstream.write(request.head)
            tls = request.tls and fake is not None
            if not tls or await self._ended_tls(request, writer):
                left = await _both_ways(reader, writer, upstream, to_upstream)
                if tls and left:
                    why = f"closed the connection after the TLS handshake without a request, {_LIKE_A_REFUSAL}"
                    self._emit(CertificateRefused(host=request.host, why=why))
        except OSError:
            _reset(writer)
        finally:
            to_upstream.close()

    async def _ended_tls(self, request: ProxyRequest, writer: StreamWriter) -> bool:
        """Shake hands with the client, and return whether that worked."""
        try:
            await writer.start_tls(self._context, ssl_handshake_timeout=HEAD_WITHIN)
        except OSError as error:
            alert = (getattr(error, "reason", None) or "").partition("ALERT_")[2].lower().replace("_", " ")
            # Clients on asyncio hang up without an alert.
            why = (
                f"refused the run's certificate with the TLS alert {alert!r}"
                if alert
                else f"closed the connection during the TLS handshake, {_LIKE_A_REFUSAL}"
            )
            self._emit(CertificateRefused(host=request.host, why=why))
            return False
        return True


async def _both_ways(
    reader: StreamReader, writer: StreamWriter, upstream: StreamReader, to_upstream: StreamWriter
) -> bool:
    """Pass on what comes until one side ends, and return whether the client left before it had sent anything."""
    began = asyncio.Event()
    up = asyncio.create_task(_one_way(reader, to_upstream, began))
    down = asyncio.create_task(_one_way(upstream, writer, asyncio.Event()))
    try:
        await asyncio.wait([up, down], return_when=asyncio.FIRST_COMPLETED)
        left = up.done() and not down.done() and not began.is_set()
        if down.done() and down.exception() is not None:
            _reset(writer)
        elif down.done():
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(HEAD_WITHIN):
                    await writer.wait_closed()
    finally:
        for one in (up, down):
            one.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
    return left


async def _one_way(source: StreamReader, to: StreamWriter, began: asyncio.Event) -> None:
    while data := await source.read(_CHUNK):
        began.set()
        to.write(data)
        await to.drain()


async def _refuse(writer: StreamWriter, status: int, why: str) -> None:
    """Answer with a reason that clients show in their error: of an answer to CONNECT they show no more."""
    body = f"{why}\n".encode()
    head = f"HTTP/1.1 {status} {why}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Connection: close\r\n\r\n".encode("latin-1", "replace") + body)
    with contextlib.suppress(OSError):
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def _reset(writer: StreamWriter) -> None:
    """Cut a connection so that its client sees a reset."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
