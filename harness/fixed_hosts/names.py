"""Says what is wrong with the hosts that a fake stands in for."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from contextlib import suppress

from harness.extras import Extra, why_missing

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_FROM_A_SETTING = "Have the application read the address from a setting, and give it the fake's base URL."
LONGEST = 253
"""Of how many characters a name in DNS has at most."""

_EXAMPLE = "hosts = ('api.stripe.com',)"


def missing() -> str:
    """Why no fake can stand in for a host on this machine, and what to do; "" when it can."""
    return why_missing("a fake that has `hosts`", [Extra.HOSTS])


def plain_host(host: str) -> str:
    """Return a host as it is compared: in lower case, without the dot that may end it."""
    return host.lower().removesuffix(".")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or its address."""
    with suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    return plain_host(host) == "localhost" or plain_host(host).endswith(".localhost")


def host_problems(owner: str, hosts: object) -> Iterator[str]:
    """Yield what is wrong with the hosts of a fake, one sentence each.

    Args:
        owner: The name of the fake's class.
        hosts: What it declares.
    """
    if isinstance(hosts, str) or not isinstance(hosts, list | tuple):
        yield f"{owner}: hosts must be a tuple such as {_EXAMPLE}, got {hosts!r}."
        return
    seen: set[str] = set()
    for host in hosts:
        problem = next(_problems(host), "")
        if problem:
            yield f"{owner}: {problem}"
        elif plain_host(host) in seen:
            yield f"{owner}: hosts names {host!r} twice."
        else:
            seen.add(plain_host(host))


def _problems(host: object) -> Iterator[str]:
    """Yield what is wrong with one host; the first sentence counts."""
    if not isinstance(host, str) or not host:
        yield f"a host must be text, such as {_EXAMPLE}, got {host!r}."
        return
    if "/" in host:
        alone = host.partition("://")[2] or host
        yield f"{host!r} is a URL; write the host alone: {alone.partition('/')[0].partition(':')[0]!r}."
    if "*" in host:
        yield f"{host!r} is a wildcard, which is not possible; name each host that the application calls."
    if is_loopback(host):
        yield f"{host!r} is this machine, where clients connect without a proxy. {_FROM_A_SETTING}"
    with suppress(ValueError):
        ipaddress.ip_address(host.strip("[]"))
        yield f"{host!r} is an IP address; only names are possible. {_FROM_A_SETTING}"
    name, colon, port = host.partition(":")
    if colon:
        yield f"{host!r} has the port {port!r}; write {name!r}: the fake answers on each of its ports."
    if not host.isascii():
        with suppress(UnicodeError):
            yield f"{host!r} must be written in ASCII: {host.encode('idna').decode()!r}."
    if len(host) > LONGEST or not all(_LABEL.fullmatch(one) for one in plain_host(host).split(".")):
        yield f"{host!r} is not the name of a host; write one such as 'api.stripe.com'."
