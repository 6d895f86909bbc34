"""One client's connection: its socket, the socket to the upstream, and the two links between them."""

from __future__ import annotations

import asyncio
import fcntl
import socket
import struct
import termios
import time
from collections.abc import Callable
from random import Random
from typing import Protocol, cast

from harness.embedded_toxiproxy.chain import Placed
from harness.embedded_toxiproxy.journal import Record
from harness.embedded_toxiproxy.link import Link

_LINGER_NOT = struct.pack("ii", 1, 0)
# What may wait in this process for a peer that does not read, in each direction.
WRITE_BUFFER = 64 * 1024


class Host(Protocol):
    """What a session asks of its proxy."""

    def chance(self, purpose: str) -> Random:
        """Chance for one purpose on this proxy."""

    def toxics(self, *, downstream: bool) -> list[Placed]:
        """The toxics of one direction, in order."""

    async def dial(self, protocol: Callable[[], asyncio.Protocol]) -> asyncio.Transport:
        """Connect to the upstream. Raises OSError."""

    def session_ended(self, session: ClientSession) -> None:
        """Both sockets are closed."""

    def link_ended(self, link: Link) -> None:
        """One direction has ended by itself."""


class Side(asyncio.Protocol):
    """One of the two sockets: the source of one link and the destination of the other."""

    __slots__ = ("incoming", "outgoing", "session", "transport")

    def __init__(self, session: ClientSession, *, outgoing: Link, incoming: Link) -> None:
        self.session = session
        self.outgoing = outgoing
        self.incoming = incoming
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Hold still until the other side is there too."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.set_write_buffer_limits(high=WRITE_BUFFER)
        self.transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        """Pass bytes to the link that starts here."""
        self.outgoing.receive(data)

    def eof_received(self) -> bool:
        """Pass the end on, and stay open until the link has delivered everything (TX-079)."""
        self.outgoing.source_ended()
        return True

    def pause_writing(self) -> None:
        """Pass the backpressure on to the other side."""
        self.incoming.destination_filled(True)  # noqa: FBT003 - see there

    def resume_writing(self) -> None:
        """Take the backpressure back."""
        self.incoming.destination_filled(False)  # noqa: FBT003 - see there

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the session."""
        self.session.lost(self, exc)


class ClientSession:
    """Begins when the proxy has accepted a client, ends when both sockets are closed."""

    def __init__(self, host: Host, client: socket.socket, record: Record, loop: asyncio.AbstractEventLoop) -> None:
        self.record = record
        self.up = Link("upstream", self, loop)
        self.down = Link("downstream", self, loop)
        self._host = host
        self._loop = loop
        self._socket: socket.socket | None = client
        self._client = Side(self, outgoing=self.up, incoming=self.down)
        self._upstream = Side(self, outgoing=self.down, incoming=self.up)
        # Sockets of this session that are open and attached; counted once the upstream has answered.
        self._open_sides = 0
        self._dialled = False
        self._met_reset = False
        self._reset = False
        self._end: str | None = None
        self._task = loop.create_task(self._open())

    def stop(self) -> None:
        """Close both sockets at once, whatever is queued (TX-031)."""
        if self._socket is not None:
            self._task.cancel()
            self._close_undialled()
        for side in (self._client, self._upstream):
            if side.transport is not None:
                self._foresee_end(side, unread=_unread(_descriptor(side.transport)))
                side.incoming.destination_lost(_waiting(side.transport))
                side.transport.abort()

    def chance(self, purpose: str) -> Random:
        """Give chance for one purpose on this connection."""
        return self._host.chance(f"{self.record.number}/{purpose}")

    def acted(self, name: str) -> None:
        """Note that a toxic has made a difference."""
        if name not in self.record.toxics:
            self.record.toxics.append(name)

    def reset(self) -> None:
        """From now on both sockets close with RST, if a reset_peer was there when the connection began (TX-101)."""
        if self._met_reset and not self._reset:
            self._reset = True
            for side in (self._client, self._upstream):
                if side.transport is not None:
                    sock = side.transport.get_extra_info("socket")
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)

    def finish(self, link: Link) -> None:
        """Close the destination of a link that has delivered everything."""
        side = self._upstream if link is self.up else self._client
        self._host.link_ended(link)
        if side.transport is not None:
            self._foresee_end(side, unread=_unread(_descriptor(side.transport)) if side.outgoing.paused else 0)
            side.transport.close()

    def lost(self, side: Side, error: Exception | None) -> None:
        """Take note that a socket is closed: its bytes end here, and none can be delivered to it."""
        if side is self._client and error is not None:
            self._end = "rst"
        if side.transport is not None:
            side.incoming.destination_lost(_waiting(side.transport))
        side.transport = None
        side.outgoing.source_ended()
        if self._dialled:
            self._one_less()

    async def _open(self) -> None:
        """Dial the upstream, then attach the client: until then its bytes stay in the kernel (TX-073)."""
        client = self._socket
        if client is None:
            return
        try:
            upstream = await self._host.dial(lambda: self._upstream)
        except OSError:
            self._close_undialled()
            return
        self._socket = None
        self._dialled = True
        self._open_sides = 2
        if self._upstream.transport is None:
            self._one_less()
        try:
            await self._loop.connect_accepted_socket(lambda: self._client, client)
        except OSError:
            client.close()
            upstream.abort()
            self._one_less()
            return
        self._begin()

    def _begin(self) -> None:
        client, upstream = self._client.transport, self._upstream.transport
        if client is None or upstream is None:
            for transport in (client, upstream):
                if transport is not None:
                    transport.abort()
            return
        up, down = self._host.toxics(downstream=False), self._host.toxics(downstream=True)
        self._met_reset = any(placed.type == "reset_peer" for placed in up + down)
        self.up.start(client, upstream, up)
        self.down.start(upstream, client, down)
        for link, transport in ((self.up, client), (self.down, upstream)):
            if not link.paused and not transport.is_closing():
                transport.resume_reading()

    def _one_less(self) -> None:
        self._open_sides -= 1
        if self._open_sides == 0:
            self._ended()

    def _close_undialled(self) -> None:
        if self._socket is not None:
            self._end = "rst" if _unread(self._socket.fileno()) else "fin"
            self._socket.close()
            self._socket = None
            self._ended()

    def _foresee_end(self, side: Side, *, unread: int) -> None:
        """The kernel answers a close with RST if the peer's bytes were not all read, or if it was told to (TX-032)."""
        if side is self._client and self._end is None:
            self._end = "rst" if self._reset or unread else "fin"

    def bring_up_to_date(self) -> None:
        """Write the bytes carried so far into the journal."""
        self.record.bytes_up = self.up.delivered
        self.record.bytes_down = self.down.delivered

    def _ended(self) -> None:
        self.record.closed_at = time.time()
        self.bring_up_to_date()
        self.record.end = self._end or "fin"
        self._host.session_ended(self)


def _waiting(transport: asyncio.Transport) -> int:
    """Bytes that were written to a transport and have not left it."""
    try:
        return transport.get_write_buffer_size()
    except (AttributeError, RuntimeError):
        # uvloop has let go of a closed handle.
        return 0


def _descriptor(transport: asyncio.Transport) -> int:
    sock = transport.get_extra_info("socket")
    return -1 if sock is None else int(sock.fileno())


def _unread(descriptor: int) -> int:
    """Bytes that a socket has received and nobody has read."""
    try:
        return int(struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0])
    except (OSError, ValueError):
        return 0
