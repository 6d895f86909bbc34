"""Sees every TCP connection that Python code in this process tries to open, also one that is refused.

The operating system refuses a connection to a closed port: neither a proxy nor a fake sees it. The interpreter's audit
event `socket.connect` does. It covers what connects through the `socket` module, asyncio's own loop included;
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
        report = _watched.get(f"{address[0]}:{address[1]}")
        if report is not None:
            report()


@contextmanager
def connects_seen(address: str, report: Callable[[], None]) -> Iterator[None]:
    """Call `report` whenever code in this process tries to connect to HOST:PORT, before the connection is made."""
    global _installed  # noqa: PLW0603 - an audit hook is for the life of the process and cannot be taken back
    if not _installed:
        sys.addaudithook(_on_audit)
        _installed = True
    _watched[address] = report
    try:
        yield
    finally:
        del _watched[address]
