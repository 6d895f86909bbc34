"""Creates, changes and deletes proxies in the same way on every Toxiproxy."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from harness.environment.toxiproxy.consumer import ControlApi, Missing
from harness.environment.toxiproxy.port import hold_port
from harness.environment.toxiproxy.proxied import Proxied
from harness.errors import EnvironmentUnavailable
from harness.processes.guard import ProcessGuard
from harness.testbed.ports import Proxy

TIMEOUT = timedelta(seconds=5)
# Between two questions whether a server that is starting answers yet. Seconds.
ASK_AGAIN = 0.02
# Providers whose proxies listen on this machine for certain, so that their ports can be held here.
HERE = frozenset({"embedded", "binary"})


class ToxiproxyAdapter:
    """One running Toxiproxy.

    Args:
        address: HOST:PORT of its control API.
        provider: "embedded", "binary", "container" or "address", for reports.
        namespace: Put before the name of every proxy, so that those of others are not touched.
        guard: Deletes the proxies if this process dies; None when the server dies with it anyway.
        timeout: After which a call counts as unanswered.
    """

    def __init__(
        self,
        address: str,
        *,
        provider: str,
        namespace: str = "",
        guard: ProcessGuard | None = None,
        timeout: timedelta = TIMEOUT,
    ) -> None:
        self._api = ControlApi(address, timeout=timeout)
        self._provider = provider
        self._namespace = namespace
        self._leash = guard
        self._version = ""
        self._proxies: dict[str, Proxied] = {}
        # Also those whose creation was cancelled or failed half way: the server may have them all the same.
        self._perhaps_there: set[str] = set()
        self._held: dict[str, socket.socket] = {}

    def __str__(self) -> str:
        """Its name, for reports."""
        return f"{self._provider} Toxiproxy {self._version} at {self.address}"

    @property
    def address(self) -> str:
        """HOST:PORT of the control API."""
        return self._api.address

    @property
    def provider(self) -> str:
        """Where it comes from: "embedded", "binary", "container" or "address"."""
        return self._provider

    @property
    def version(self) -> str:
        """Its version, such as "2.12.0"."""
        return self._version

    @property
    def keeps_journal(self) -> bool:
        """Whether it records which toxics affected its connections: the embedded server does."""
        return self._version.endswith("+embedded")

    async def wait_until_ready(self, *, within: timedelta, alive: Callable[[], str | None] = lambda: None) -> None:
        """Return when the server answers.

        Args:
            within: How long to ask.
            alive: Returns None, or why waiting is pointless.

        Raises:
            EnvironmentUnavailable: It does not answer in time, has ended, or is not a Toxiproxy.
        """
        answer = await self._first_answer(time.monotonic() + within.total_seconds(), alive)
        if not isinstance(answer, dict) or not isinstance(answer.get("version"), str):
            raise EnvironmentUnavailable(
                f"what answers at {self.address} is not a Toxiproxy: its version is {answer!r}."
            )
        self._version = answer["version"]

    async def _first_answer(self, deadline: float, alive: Callable[[], str | None]) -> Any:
        while True:
            dead = alive()
            if dead is not None:
                raise EnvironmentUnavailable(dead)
            try:
                return await self._api.get("/version")
            except Missing:
                raise
            except EnvironmentUnavailable:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(ASK_AGAIN)

    async def create_proxy(self, name: str, *, upstream: str) -> Proxy:
        """Create a proxy on a free port of 127.0.0.1, listening when this returns.

        Args:
            name: Unique among the proxies of this adapter. A "/" in it becomes a "." on the server (TX-012).
            upstream: HOST:PORT of the service behind it.

        Raises:
            UsageError: The server finds name or upstream wrong.
            EnvironmentUnavailable: The name is taken, or the server does not answer.
        """
        full = f"{self._namespace}{name}".replace("/", ".")
        path = f"/proxies/{quote(full, safe='')}"
        self._perhaps_there.add(full)
        if self._leash is not None:
            self._leash.on_death(f"toxiproxy {full}", method="DELETE", url=f"http://{self.address}{path}")
        held = hold_port() if self._provider in HERE else None
        listen = "127.0.0.1:0" if held is None else f"127.0.0.1:{held.getsockname()[1]}"
        try:
            made = await self._made(full, {"name": full, "upstream": upstream, "listen": listen, "enabled": True})
        except BaseException:
            if held is not None:
                held.close()
            raise
        if held is not None:
            self._held[full] = held
        # Only the answer has the port, not the request (TX-022).
        proxy = Proxied(
            self._api,
            name=full,
            path=path,
            address=made["listen"],
            upstream=upstream,
            keeps_journal=self.keeps_journal,
        )
        self._proxies[full] = proxy
        return proxy

    async def _made(self, full: str, body: dict[str, Any]) -> Any:
        """Create, and delete again what a caller no longer needs that was cancelled meanwhile."""
        making = asyncio.ensure_future(self._api.post("/proxies", body))
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            await asyncio.wait([making])
            if making.exception() is None:
                await self.delete_proxy(full)
            raise

    async def delete_proxy(self, name: str) -> None:
        """Delete a proxy and close its connections. A proxy that is already gone is not an error.

        Args:
            name: As given to `create_proxy`, or the proxy's own name.

        Raises:
            EnvironmentUnavailable: The server does not answer.
        """
        full = name.replace("/", ".")
        if full not in self._perhaps_there:
            full = f"{self._namespace}{full}"
        proxy = self._proxies.pop(full, None)
        with contextlib.suppress(Missing):
            if proxy is not None:
                await proxy.delete()
            else:
                await self._api.delete(f"/proxies/{quote(full, safe='')}")
        self._perhaps_there.discard(full)
        if full in self._held:
            self._held.pop(full).close()
        if self._leash is not None:
            self._leash.forget(f"toxiproxy {full}")

    async def close(self, *, delete: bool) -> None:
        """Close the connections to the server.

        Args:
            delete: Whether to delete the run's proxies first: yes where the server goes on running.
        """
        try:
            if delete:
                await _all_done([self.delete_proxy(name) for name in sorted(self._perhaps_there)])
        finally:
            for held in self._held.values():
                held.close()
            self._held.clear()
            await self._api.close()


async def _all_done(calls: list[Coroutine[Any, Any, None]]) -> None:
    """Make every call, and raise the first error when all have been made."""
    results = await asyncio.gather(*calls, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
