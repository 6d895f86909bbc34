"""Raw TCP peers that say exactly what they saw: a client, and upstreams with an event log."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

# After this long, what has not happened is taken not to happen. Seconds.
PATIENCE = 5.0

_LINGER_NOT = struct.pack("ii", 1, 0)


class End(StrEnum):
    """How a connection stands, as its peer sees it."""

    FIN = "fin"
    RST = "rst"
    OPEN = "open"


class Peer:
    """One end of a connection, on a bare socket: no transport between the test and the kernel."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(0)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = sock

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.socket.close()

    async def send(self, data: bytes) -> None:
        """Send everything; raises OSError if the connection is gone."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.get_running_loop().sock_sendall(self.socket, data)

    async def receive(self, size: int = 65536, *, within: float = PATIENCE) -> bytes:
        """Return what comes next, or nothing at the end of the stream; raises TimeoutError or ConnectionResetError."""
        async with asyncio.timeout(within):
            return await asyncio.get_running_loop().sock_recv(self.socket, size)

    async def receive_exactly(self, size: int, *, within: float = PATIENCE) -> bytes:
        """Return so many bytes, or fewer if the stream ends before."""
        received = b""
        deadline = time.monotonic() + within
        while len(received) < size:
            data = await self.receive(size - len(received), within=deadline - time.monotonic())
            if not data:
                break
            received += data
        return received

    async def to_the_end(self, *, within: float = PATIENCE) -> tuple[bytes, End]:
        """Read until the connection ends, or until it has stayed open for so long."""
        received = b""
        deadline = time.monotonic() + within
        while True:
            try:
                data = await self.receive(within=max(deadline - time.monotonic(), 0.001))
            except TimeoutError:
                return received, End.OPEN
            except ConnectionResetError:
                return received, End.RST
            if not data:
                return received, End.FIN
            received += data

    def end_writing(self) -> None:
        """Send FIN and go on reading."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.socket.close()

    def close(self) -> None:
        """Close: with FIN if everything was read."""
        self.socket.close()


async def connect(address: str, *, within: float = PATIENCE, receive_buffer: int | None = None) -> Peer:
    """Connect to HOST:PORT; raises OSError, ConnectionRefusedError among them."""
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if receive_buffer is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    peer = Peer(sock)
    try:
        async with asyncio.timeout(within):
            await asyncio.get_running_loop().sock_connect(sock, (host, int(port)))
    except BaseException:
        peer.close()
        raise
    return peer


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something an upstream saw: "accepted", "data", "fin" or "rst"."""

    at: float
    what: str
    data: bytes = b""


@dataclass(kw_only=True)
class Upstream:
    """A service behind a proxy.

    Attributes:
        address: HOST:PORT.
        events: What it saw, in order.
        peers: The connections it accepted.
    """

    address: str
    events: list[Event] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def saw(self, what: str, *, times: int = 1, within: float = PATIENCE) -> Event:
        """Return the event when it has happened so many times; raises TimeoutError."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: len(self.all(what)) >= times)
        return self.all(what)[times - 1]

    async def has_received(self, data: bytes, *, within: float = PATIENCE) -> Event:
        """Return the event with which these bytes were complete; raises TimeoutError."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: self.received().startswith(data))
        return self.all("data")[-1]

    def all(self, what: str) -> list[Event]:
        """Return every event of a kind."""
        return [event for event in self.events if event.what == what]

    def received(self) -> bytes:
        """Return all bytes that came, of all connections."""
        return b"".join(event.data for event in self.events)

    async def note(self, what: str, data: bytes = b"") -> None:
        """Put an event into the log."""
        self.events.append(Event(at=time.monotonic(), what=what, data=data))
        async with self._changed:
            self._changed.notify_all()

    async def read(self, peer: Peer) -> bytes:
        """Read from a connection and log it; nothing means its end."""
        loop = asyncio.get_running_loop()
        try:
            data = await loop.sock_recv(peer.socket, 256 * 1024)
        except ConnectionResetError:
            await self.note("rst")
            return b""
        await self.note("data" if data else "fin", data)
        return data


Behaviour = Callable[[Upstream, Peer], Awaitable[None]]


@asynccontextmanager
async def upstream(behaviour: Behaviour, *, receive_buffer: int | None = None) -> AsyncIterator[Upstream]:
    """Run a service that behaves in one way towards everybody."""
    loop = asyncio.get_running_loop()
    listener = socket.socket()
    if receive_buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    listener.listen(2048)
    listener.settimeout(0)
    service = Upstream(address=f"127.0.0.1:{listener.getsockname()[1]}")
    tasks: set[asyncio.Task[None]] = set()

    async def serve(peer: Peer) -> None:
        try:
            await service.note("accepted")
            await behaviour(service, peer)
        except OSError:
            await service.note("failed")

    def accept() -> None:
        # Not a task with `sock_accept`: cancelled in the wrong moment, it loses a socket.
        with contextlib.suppress(BlockingIOError):
            peer = Peer(listener.accept()[0])
            service.peers.append(peer)
            task = loop.create_task(serve(peer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    loop.add_reader(listener, accept)
    try:
        yield service
    finally:
        loop.remove_reader(listener)
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for peer in service.peers:
            peer.close()
        listener.close()


async def echo(service: Upstream, peer: Peer) -> None:
    """Send back what comes."""
    while data := await service.read(peer):
        await asyncio.get_running_loop().sock_sendall(peer.socket, data)
    peer.close()


async def sink(service: Upstream, peer: Peer) -> None:
    """Swallow what comes; close after the other side has."""
    while await service.read(peer):
        pass
    peer.close()


async def deaf(service: Upstream, peer: Peer) -> None:
    """Accept and read nothing, ever."""


def sends(data: bytes, *, then_close: bool = True, first: float = 0.0) -> Behaviour:
    """Send something at once, then close, or stay open and swallow what comes."""

    async def behave(service: Upstream, peer: Peer) -> None:
        if first:
            await asyncio.sleep(first)
        await asyncio.get_running_loop().sock_sendall(peer.socket, data)
        if then_close:
            peer.close()
        else:
            await sink(service, peer)

    return behave


def half_closes(data: bytes) -> Behaviour:
    """Send something and FIN, then go on reading."""

    async def behave(service: Upstream, peer: Peer) -> None:
        await asyncio.get_running_loop().sock_sendall(peer.socket, data)
        peer.end_writing()
        await sink(service, peer)

    return behave


def answers_late(data: bytes) -> Behaviour:
    """Wait for the end of what comes, then answer."""

    async def behave(service: Upstream, peer: Peer) -> None:
        while await service.read(peer):
            pass
        try:
            for _ in range(20):
                await asyncio.get_running_loop().sock_sendall(peer.socket, data)
                await asyncio.sleep(0.005)
        except OSError:
            await service.note("answer refused")

    return behave


async def resets(service: Upstream, peer: Peer) -> None:
    """Wait for the first bytes, then close with RST."""
    await service.read(peer)
    peer.reset()


@asynccontextmanager
async def never_accepts() -> AsyncIterator[str]:
    """Give the address of a service that a connect hangs on: its queue of waiting connections is full."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    waiting: list[socket.socket] = []
    try:
        for _ in range(4):
            sock = socket.socket()
            sock.settimeout(0)
            sock.connect_ex(listener.getsockname())
            waiting.append(sock)
        yield f"127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for sock in waiting:
            sock.close()
        listener.close()


def closed_port() -> str:
    """Return an address of this machine on which nobody listens."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{asked.getsockname()[1]}"
