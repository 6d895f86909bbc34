"""Load for a proxy: an upstream and its clients in one process, so that the proxy under test has a core to itself."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

REQUEST = b"GET /resource HTTP/1.1\r\nHost: upstream\r\nAccept: */*\r\n\r\n".ljust(100, b".")
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 950\r\n\r\n".ljust(1000, b".")
BULK = bytes(256 * 1024)


class Upstream(asyncio.Protocol):
    """Answers each complete request; "B" asks for bytes without end."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._waiting = 0
        self._bulk = False
        self._full = False

    def data_received(self, data: bytes) -> None:
        """Answer."""
        if data[:1] == b"B":
            self._bulk = True
            self._pump()
            return
        self._waiting += len(data)
        while self._waiting >= len(REQUEST):
            self._waiting -= len(REQUEST)
            self._transport.write(ANSWER)

    def pause_writing(self) -> None:
        """Hold the bulk."""
        self._full = True

    def resume_writing(self) -> None:
        """Go on with the bulk."""
        self._full = False
        self._pump()

    def _pump(self) -> None:
        while self._bulk and not self._full and not self._transport.is_closing():
            self._transport.write(BULK)


class Client(asyncio.Protocol):
    """Counts what comes and calls when an answer is complete.

    Attributes:
        received: Bytes of the answer so far.
    """

    def __init__(self, size: int, done: Callable[[Client], None]) -> None:
        self.received = 0
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._size = size
        self._done = done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Count."""
        self.received += len(data)
        if self.received >= self._size:
            self.received -= self._size
            self._done(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of who waits."""
        if not self.gone.done():
            self.gone.set_result(None)


@dataclass(frozen=True, kw_only=True)
class Load:
    """Loads one address."""

    host: str
    port: int

    async def _clients(self, count: int, size: int, done: Callable[[Client], None]) -> list[Client]:
        loop = asyncio.get_running_loop()
        pairs = [await loop.create_connection(lambda: Client(size, done), self.host, self.port) for _ in range(count)]
        return [client for _, client in pairs]

    async def requests_per_second(self, connections: int, seconds: float) -> float:
        """Return how many requests are answered in a second, each connection asking again when it is answered."""
        answered = 0

        def done(client: Client) -> None:
            nonlocal answered
            answered += 1
            client.transport.write(REQUEST)

        clients = await self._clients(connections, len(ANSWER), done)
        for client in clients:
            client.transport.write(REQUEST)
        await asyncio.sleep(0.2)
        started, before = time.perf_counter(), answered
        await asyncio.sleep(seconds)
        rate = (answered - before) / (time.perf_counter() - started)
        await _close(clients)
        return rate

    async def connections_per_second(self, at_once: int, seconds: float) -> float:
        """Return how many connections are opened, used for one request and closed in a second."""
        loop = asyncio.get_running_loop()
        count, deadline = 0, time.perf_counter() + seconds

        async def use() -> None:
            nonlocal count
            while time.perf_counter() < deadline:
                answered = loop.create_future()
                _, client = await loop.create_connection(
                    lambda: Client(len(ANSWER), lambda _: answered.set_result(None)),  # noqa: B023 - used in this turn
                    self.host,
                    self.port,
                )
                client.transport.write(REQUEST)
                await answered
                client.transport.close()
                await client.gone
                count += 1

        started = time.perf_counter()
        await asyncio.gather(*(use() for _ in range(at_once)))
        return count / (time.perf_counter() - started)

    async def megabytes_per_second(self, connections: int, seconds: float) -> float:
        """Return how many million bytes come down in a second."""
        taken = 0

        def count(client: Client) -> None:
            nonlocal taken
            taken += 1 + client.received
            client.received = 0

        clients = await self._clients(connections, 1, count)
        for client in clients:
            client.transport.write(b"B")
        await asyncio.sleep(0.2)
        started, before = time.perf_counter(), taken
        await asyncio.sleep(seconds)
        rate = (taken - before) / (time.perf_counter() - started) / 1e6
        await _close(clients)
        return rate

    async def held_open(self, connections: int) -> list[Client]:
        """Open connections and use each once."""
        answered = asyncio.Semaphore(0)
        clients = await self._clients(connections, len(ANSWER), lambda _: answered.release())
        for client in clients:
            client.transport.write(REQUEST)
        for _ in clients:
            await answered.acquire()
        return clients

    async def round_trips(self, count: int, gap: float) -> list[float]:
        """Return the seconds of single requests on one connection, with pauses between."""
        loop = asyncio.get_running_loop()
        arrived: asyncio.Future[float] = loop.create_future()

        def done(_: Client) -> None:
            arrived.set_result(time.perf_counter())

        (client,) = await self._clients(1, len(ANSWER), done)
        times = []
        for _ in range(count):
            arrived = loop.create_future()
            started = time.perf_counter()
            client.transport.write(REQUEST)
            times.append(await arrived - started)
            await asyncio.sleep(gap)
        await _close([client])
        return times

    async def rate(self, seconds: float) -> float:
        """Return the bytes of bulk per second that come down, counted from one arrival to another."""
        arrivals: list[tuple[float, int]] = []

        def done(client: Client) -> None:
            arrivals.append((time.perf_counter(), 1 + client.received))
            client.received = 0

        (client,) = await self._clients(1, 1, done)
        client.transport.write(b"B")
        await asyncio.sleep(seconds)
        await _close([client])
        return sum(size for _, size in arrivals[1:]) / (arrivals[-1][0] - arrivals[0][0])


async def _close(clients: list[Client]) -> None:
    for client in clients:
        client.transport.abort()
    await asyncio.gather(*(client.gone for client in clients))


def middle(values: list[float]) -> float:
    """Return the median."""
    return statistics.median(values)
