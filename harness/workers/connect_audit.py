"""Sees every TCP connection that Python code in this process tries to open, also one that is refused.

A closed port answers for itself: neither a proxy nor a fake can tell that somebody knocked. The interpreter's audit
event `socket.connect` can. It covers whatever connects through the `socket` module, asyncio's own loop included;
not uvloop and not C or Rust extensions with sockets of their own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_watched: dict[str, Callable[[], None]] = {}
_installed = False


def _on_audit(event: str, arguments: tuple[object, ...]) -> None:
    if event != "socket.connect" or not _watched:
        return
    address = arguments[1]
    if isinstance(address, tuple):
        tell = _watched.get(f"{address[0]}:{address[1]}")
        if tell is not None:
            tell()


@contextmanager
def connects_seen(address: str, tell: Callable[[], None]) -> Iterator[None]:
    """Call `tell` whenever somebody in this process tries to connect to HOST:PORT, before it is known how it ends."""
    global _installed  # noqa: PLW0603 - an audit hook is for the life of the process and cannot be taken back
    if not _installed:
        sys.addaudithook(_on_audit)
        _installed = True
    _watched[address] = tell
    try:
        yield
    finally:
        del _watched[address]
