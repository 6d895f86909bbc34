"""What a Python process does besides its environment so that hosts reach fakes, and nothing reaches the hosts."""

from __future__ import annotations

import asyncio
import errno
import os
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from urllib.parse import urlsplit

from harness.errors import UsageError
from harness.fixed_hosts.names import host_problems, is_loopback, missing, plain_host
from harness.fixed_hosts.variables import FAKED
from harness.library_internals.aiohttp_session import trust_environment

HTTP_PORTS = frozenset({80, 443, "80", "443", "http", "https"})

WITHIN = 120
"""Seconds until the proxy listens; it takes some ten milliseconds of a CPU."""

_faked: set[str] = set()
_routes: dict[str, str] = {}


def fake_hosts(hosts: Mapping[str, str]) -> None:
    """Have HTTP clients of this process reach fakes at hosts that are written into the code, until it ends.

    Call it before the application is imported: many clients read the environment when they are made. A host that is
    not named, here or in an earlier call, is refused.

    Args:
        hosts: The base URL of a fake by the host that it stands in for, such as
            {"api.stripe.com": "http://127.0.0.1:40001"}.

    Raises:
        UsageError: A host is not valid, or trustme is not installed; every problem at once.
    """
    problems = [*host_problems("fake_hosts", [*hosts]), *filter(None, [missing()])]
    if problems:
        raise UsageError(*problems)
    # Every worker imports this module, and most make no certificates.
    from harness.fixed_hosts.run_hosts import hosts_reach_fakes  # noqa: PLC0415

    # A process may load several targets, each with hosts of its own.
    _routes.update({plain_host(host): urlsplit(url).netloc for host, url in hosts.items()})
    started: Future[dict[str, str]] = Future()

    async def serve() -> None:
        try:
            async with hosts_reach_fakes({**_routes}) as environment:
                started.set_result(environment)
                await asyncio.Event().wait()
        except BaseException as error:
            if not started.done():
                started.set_exception(error)
            raise

    # A loop of its own: that of the application may begin later, end sooner, or be blocked.
    threading.Thread(target=lambda: asyncio.run(serve()), name="hosts", daemon=True).start()
    os.environ.update(started.result(WITHIN))
    use_hosts()


def use_hosts() -> None:
    """Have clients that need more than the environment use it; does nothing where it names no hosts."""
    hosts = os.environ.get(FAKED)
    if not hosts:
        return
    if not _faked:
        sys.addaudithook(_refuse_to_look_up)
    _faked.update(hosts.split(","))
    trust_environment()


def _refuse_to_look_up(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what goes past the proxy: the host of a fake, or another one on a port of HTTP."""
    if event != "socket.getaddrinfo":
        return
    host, port = arguments[:2]
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "localhost")
    if plain_host(name) in _faked or (port in HTTP_PORTS and not is_loopback(name)):
        raise ConnectionRefusedError(
            errno.ECONNREFUSED,
            f"{name} was called without the proxy of this run, and was not reached: have this client use HTTPS_PROXY",
        )
