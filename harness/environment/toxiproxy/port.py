"""Reserves a proxy's port while the proxy does not listen on it.

A port whose listener is closed is free, and the next socket that asks for any port may get it: the fake of another run,
which then answers calls that were meant to be refused (seen once in 360 runs, 8 at a time).
"""

from __future__ import annotations

import socket
import sys


def hold_port() -> socket.socket | None:
    """Return a socket that is bound to a free port of 127.0.0.1 and never listens, or None where that is no use.

    Connects to the port are refused. On Linux a listener with SO_REUSEADDR, which Go and asyncio set, may be bound
    beside it whenever it likes; a socket that asks for any free port is not given this one.
    """
    if sys.platform != "linux":
        return None
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held
