"""Listen addresses are read, resolved and bound as Go's net package does it, in its words (TX-022 to TX-030)."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import os
import socket
import threading
from dataclasses import dataclass

BACKLOG = 4096

# Look-ups under way: whoever asks for a name meanwhile waits for the same answer.
_asked: dict[str, asyncio.Future[list[str]]] = {}


class BadAddress(OSError):  # noqa: N818 - the words follow Go's
    """An address that cannot be read or resolved; its text is Go's, without the leading `listen tcp: `."""


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """A numeric address.

    Attributes:
        host: Numeric, or empty for all interfaces.
        port: 0 for any free one.
    """

    host: str
    port: int

    def __str__(self) -> str:
        return join(self.host or "::", self.port)


def join(host: str, port: int) -> str:
    """Write HOST:PORT, with brackets around an IPv6 host."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def split(address: str) -> tuple[str, int]:
    """Read HOST:PORT; a missing port after the colon is 0.

    Raises:
        BadAddress: It is not of that form.
    """
    host, colon, port = address.rpartition(":")
    if not colon or address.endswith("]"):
        raise BadAddress(f"address {address}: missing port in address")
    if host.startswith("["):
        if not host.endswith("]"):
            raise BadAddress(f"address {address}: missing ']' in address")
        host = host[1:-1]
    elif ":" in host:
        raise BadAddress(f"address {address}: too many colons in address")
    return host, _port(port)


def numeric(host: str) -> bool:
    """Tell whether a host needs no look-up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def look_up(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a name, IPv4 first as Go has it.

    Raises:
        BadAddress: There is no such name.
    """
    if numeric(host):
        return [host]
    asked = _asked.get(host)
    if asked is None:
        asked = _asked[host] = _looked_up(host, port)
        asked.add_done_callback(lambda done: (_asked.pop(host, None), done.exception()))
    try:
        return await asyncio.shield(asked)
    except (OSError, UnicodeError, ValueError) as error:
        raise BadAddress(f"lookup {host}: no such host") from error


async def resolve(listen: str) -> Resolved:
    """Resolve what a proxy is to listen on.

    Raises:
        BadAddress: It cannot be read or resolved.
    """
    host, port = split(listen or ":0")
    if not host or host in {"::", "0.0.0.0"}:  # noqa: S104 - compared, not bound
        return Resolved(host="" if host != "0.0.0.0" else host, port=port)  # noqa: S104 - the same
    return Resolved(host=(await look_up(host, port))[0], port=port)


def bind(address: Resolved) -> socket.socket:
    """Listen, without blocking. All interfaces means IPv4 and IPv6 where the machine has both.

    Raises:
        OSError: With Go's words; the port may be taken.
    """
    try:
        return _bound(address.host or "::", address.port)
    except OSError as error:
        if not address.host and error.errno in {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}:
            return _bound("0.0.0.0", address.port)  # noqa: S104 - asked for by an empty host
        why = os.strerror(error.errno or 0).lower()
        raise OSError(error.errno, f"listen tcp {address}: bind: {why}") from error


def shown(listener: socket.socket) -> str:
    """Write the address a socket is really bound to (TX-022)."""
    host, port = listener.getsockname()[:2]
    return join(host, port)


def _looked_up(host: str, port: int) -> asyncio.Future[list[str]]:
    """Look a name up in a thread that nobody has to wait for: a look-up may hang for minutes, also at the exit."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def tell(found: list[str] | Exception) -> None:
        if answer.done():
            return
        if isinstance(found, Exception):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def ask() -> None:
        found: list[str] | Exception
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            hosts = dict.fromkeys(str(entry[4][0]) for entry in entries)
            found = sorted(hosts, key=lambda one: ":" in one)
        except (OSError, UnicodeError, ValueError) as error:
            found = error
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(tell, found)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    return answer


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named since asyncio sets TCP_NODELAY only on accepted sockets that say they are TCP (TX-082).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if host == "::" else 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        listener.settimeout(0)
    except BaseException:
        listener.close()
        raise
    return listener


def _port(port: str) -> int:
    if not port:
        return 0
    if port.isascii() and port.isdigit():
        if len(port) > 5 or int(port) > 65535:
            raise BadAddress(f"address {port}: invalid port")
        return int(port)
    try:
        return socket.getservbyname(port, "tcp")
    except OSError as error:
        raise BadAddress(f"lookup tcp/{port}: unknown port") from error
