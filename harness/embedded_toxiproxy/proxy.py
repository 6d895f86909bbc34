"""A proxy accepts clients on one address and connects each to the upstream, through its toxics."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable
from random import Random
from typing import Any

from harness.embedded_toxiproxy import addresses
from harness.embedded_toxiproxy.addresses import Resolved
from harness.embedded_toxiproxy.chain import Placed
from harness.embedded_toxiproxy.journal import Journal
from harness.embedded_toxiproxy.link import Link
from harness.embedded_toxiproxy.metrics import Metrics
from harness.embedded_toxiproxy.session import ClientSession

_LOG = logging.getLogger("toxiproxy")

# So many clients are accepted in one turn of the loop, before others have theirs.
AT_ONCE = 64
# When the process is out of file descriptors, accepting rests for this long. Seconds.
REST = 0.05


class ListeningProxy:
    """One proxy and its connections.

    Attributes:
        name: Unique on its server.
        listen: Where it listens; as it was sent while it never listened (TX-023).
        upstream: HOST:PORT, dialled for each client (TX-026).
        enabled: Whether it listens.
        journal: Its connections.
        sessions: Those that are open.
    """

    def __init__(self, *, name: str, listen: str, upstream: str, seed: str, metrics: Metrics) -> None:
        self.name = name
        self.listen = listen
        self.upstream = upstream
        self.journal = Journal()
        self.sessions: set[ClientSession] = set()
        self._toxics: list[Placed] = []
        self._seed = seed
        self._metrics = metrics
        self._loop = asyncio.get_running_loop()
        self._listener: socket.socket | None = None
        self._closed_up = 0
        self._closed_down = 0
        self._leaving: set[ClientSession] = set()
        self._all_gone: asyncio.Future[None] | None = None

    @property
    def enabled(self) -> bool:
        """Whether it listens."""
        return self._listener is not None

    def show(self) -> dict[str, Any]:
        """Return the object that Toxiproxy's API shows (TX-020)."""
        return {
            "name": self.name,
            "listen": self.listen,
            "upstream": self.upstream,
            "enabled": self.enabled,
            "toxics": [placed.show() for placed in self.all_toxics()],
        }

    def traffic(self) -> dict[str, int]:
        """Return what has been carried up to this moment, open connections included."""
        for session in self.sessions:
            session.bring_up_to_date()
        open_now = [session.record for session in self.sessions]
        return {
            "opened": self.journal.opened,
            "open": len(open_now),
            "bytes_up": self._closed_up + sum(record.bytes_up for record in open_now),
            "bytes_down": self._closed_down + sum(record.bytes_down for record in open_now),
        }

    def start(self, address: Resolved) -> None:
        """Listen.

        Raises:
            OSError: The address cannot be had; the proxy stays disabled (TX-033).
        """
        if self._listener is None:
            self._listener = addresses.bind(address)
            self.listen = addresses.shown(self._listener)
            self._loop.add_reader(self._listener.fileno(), self._accept)
            _LOG.info("Started proxy %s on %s", self.name, self.listen)

    def stop(self) -> None:
        """Stop listening and close every connection at once (TX-031). `gone` tells when the sockets are closed."""
        listener, self._listener = self._listener, None
        if listener is None:
            return
        self._loop.remove_reader(listener.fileno())
        listener.close()
        self._leaving |= self.sessions
        for session in tuple(self.sessions):
            session.stop()
        _LOG.info("Terminated proxy %s", self.name)

    async def gone(self) -> None:
        """Return when the connections that `stop` has closed are closed for their peers too."""
        if self._leaving:
            if self._all_gone is None:
                self._all_gone = self._loop.create_future()
            await asyncio.shield(self._all_gone)

    # -- toxics

    def all_toxics(self) -> list[Placed]:
        """Return the toxics as the API lists them: upstream ones first (TX-068)."""
        return sorted(self._toxics, key=lambda placed: placed.downstream)

    def toxics(self, *, downstream: bool) -> list[Placed]:
        """Return those of one direction, in order of addition."""
        return [placed for placed in self._toxics if placed.downstream == downstream]

    def toxic(self, name: str) -> Placed | None:
        """Return the toxic of this name."""
        return next((placed for placed in self._toxics if placed.name == name), None)

    def add_toxic(self, placed: Placed) -> None:
        """Let a toxic act, on open connections too."""
        self._toxics.append(placed)
        for link in self._links(placed):
            link.add(placed)

    def toxic_changed(self, placed: Placed) -> None:
        """Let open connections know that a toxic has other settings now."""
        for link in self._links(placed):
            link.update(placed)

    def remove_toxic(self, placed: Placed) -> None:
        """Take a toxic away, on open connections too."""
        self._toxics.remove(placed)
        for link in self._links(placed):
            link.remove(placed)

    # -- what a session asks

    def chance(self, purpose: str) -> Random:
        """Give chance for one purpose: the same seed, proxy name and purpose give the same draws (TX-078)."""
        return Random(f"{self._seed}/{self.name}/{purpose}")  # noqa: S311 - reproducible on purpose

    async def dial(self, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Transport:
        """Connect to the upstream.

        Raises:
            OSError: It does not resolve, refuses, or cannot be reached.
        """
        host, port = addresses.split(self.upstream)
        failure: OSError = addresses.BadAddress("no address")
        for numeric in await addresses.look_up(host or "localhost", port):
            try:
                transport, _ = await self._loop.create_connection(protocol, numeric, port)
            except OSError as error:
                failure = error
            else:
                return transport
        _LOG.warning("Unable to open connection to upstream %s of %s: %s", self.upstream, self.name, failure)
        raise failure

    def link_ended(self, link: Link) -> None:
        """Count what a direction has carried."""
        if self._metrics.proxies and not link.counted:
            link.counted = True
            labels = (link.direction, self.listen, self.name, self.upstream)
            self._metrics.count("received", labels, link.received)
            if not link.failed:
                self._metrics.count("sent", labels, link.sent)

    def session_ended(self, session: ClientSession) -> None:
        """Forget a connection; the journal remembers it."""
        self.sessions.discard(session)
        self._leaving.discard(session)
        self._closed_up += session.record.bytes_up
        self._closed_down += session.record.bytes_down
        self.link_ended(session.up)
        self.link_ended(session.down)
        if not self._leaving and self._all_gone is not None:
            self._all_gone.set_result(None)
            self._all_gone = None

    def _links(self, placed: Placed) -> list[Link]:
        return [session.down if placed.downstream else session.up for session in self.sessions]

    def _accept(self) -> None:
        for _ in range(AT_ONCE):
            if self._listener is None:
                return
            try:
                client, _ = self._listener.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                self._rest(self._listener, error)
                return
            client.settimeout(0)
            self.sessions.add(ClientSession(self, client, self.journal.open(), self._loop))

    def _rest(self, listener: socket.socket, error: OSError) -> None:
        """Accept nothing for a moment: with no file descriptor left, the listener would be ready for ever."""
        _LOG.warning("Error while accepting client of %s: %s", self.name, error)
        self._loop.remove_reader(listener.fileno())

        def again() -> None:
            if self._listener is listener:
                with contextlib.suppress(OSError):
                    self._loop.add_reader(listener.fileno(), self._accept)

        self._loop.call_later(REST, again)
