"""Bytes leave in the moment they are written, as far as the kernel takes them."""

from __future__ import annotations

import asyncio
import os


class Outlet:
    """The writing side of a connection.

    uvloop sends what was written only when everything that is ready has been read: with few busy connections the proxy
    and its peers then wait for each other in turns. Writing to the descriptor itself makes 16 kept connections a
    quarter faster; the transport gets what the kernel does not take, and does the waiting.
    """

    __slots__ = ("_behind", "_descriptor", "transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._descriptor = int(transport.get_extra_info("socket").fileno())
        # Whether the transport may still have bytes that have to go first.
        self._behind = False

    def write(self, data: bytes) -> None:
        """Send bytes, or hand them to the transport, which also finds out what is wrong with the socket."""
        if self._behind and self.transport.get_write_buffer_size():
            self.transport.write(data)
            return
        try:
            sent = os.write(self._descriptor, data)
        except OSError:
            sent = 0
        self._behind = sent < len(data)
        if self._behind:
            self.transport.write(data[sent:] if sent else data)

    def shut(self) -> None:
        """Write no more: after this the descriptor's number may be somebody else's."""
        self._descriptor = -1
