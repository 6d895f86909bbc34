"""A Temporal server on another machine is used only if its host is allowed: other people may work on it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Collection, Iterator

TOUCHED = (
    "The harness would start workflows there and terminate them, have workers of its own poll task queues of its own, "
    "and inject faults into those workers and into their connections."
)


def elsewhere(address: str) -> str | None:
    """Return the host of HOST:PORT if it is not this machine by its loopback; None if it is.

    A name counts as what it resolves to. One that does not resolve leads nowhere, so nothing has to be allowed.
    """
    host = address.rpartition(":")[0].strip("[]")
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    numbers = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    return None if all(one.is_loopback or one.is_unspecified for one in numbers) else host


def not_allowed(address: str, allowed: Collection[str]) -> Iterator[str]:
    """Yield why a Temporal server may not be used, if it is on another machine and nobody allowed its host."""
    host = elsewhere(address)
    if host is None or host.lower() in {one.lower() for one in allowed}:
        return
    yield (
        f"the Temporal server at {address} is not on this machine's loopback. {TOUCHED} If that is right, allow it: "
        f'--temporal-allow {host}, or temporal_allow = ["{host}"] in [tool.harness].'
    )
