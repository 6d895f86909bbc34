"""Web pages are kept from local servers that ask for no password: a browser on this machine can reach them, too.

A page of any site can send a request to a port of loopback, and read the answer if its own name can be made to mean
loopback for the browser ("DNS rebinding"). The rule is here for the fakes' control paths as well, since the embedded
Toxiproxy imports nothing else of the harness.
"""

from __future__ import annotations

import ipaddress
import socket


def why_refused(*, user_agent: str = "", origin: str = "", host: str = "", own: str = "") -> str | None:
    """Return why a request is refused, as it may come from a web page; None to answer it.

    Args:
        user_agent: Its header of that name, "" for none.
        origin: The same. Browsers send it with each request that may change something.
        host: The same.
        own: The host that the server was told to listen on.
    """
    if user_agent.startswith("Mozilla/"):
        return "User agent not allowed"
    if origin:
        return "Origin not allowed"
    if not _local(host, own):
        return "Host not allowed: use an IP address, localhost, this machine's name or a name without dots"
    return None


def _local(host: str, own: str) -> bool:
    """Tell whether nobody else can decide which address a host is: a name in public DNS has a dot."""
    name = (host.partition("]")[0][1:] if host.startswith("[") else host.partition(":")[0]).lower().removesuffix(".")
    if "." not in name or name.endswith(".localhost") or name in {own.lower(), socket.gethostname().lower()}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
