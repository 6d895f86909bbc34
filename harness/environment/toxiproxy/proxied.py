"""One proxy on a Toxiproxy, as faults see it (`harness.testbed.testbed.Proxy`)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from harness.environment.toxiproxy.consumer import ControlApi, Missing, Taken
from harness.processes.to_its_end import to_its_end
from harness.testbed.ports import Connection, Direction

# How long another process may hold the port of a proxy that is being recreated. Seconds.
PORT_COMES_FREE = 2.0
ASK_AGAIN = 0.01


# Toxics that keep data waiting while they run.
HOLDING = frozenset({"latency", "bandwidth", "slicer", "slow_close"})


@dataclass(frozen=True, kw_only=True)
class _Toxic:
    name: str
    kind: str
    direction: Direction
    attributes: Mapping[str, int]

    def body(self) -> dict[str, Any]:
        # Toxicity is always 1: the harness chooses which calls are affected, not chance (TX-077, TX-078).
        return {
            "name": self.name,
            "type": self.kind,
            "stream": self.direction.value,
            "toxicity": 1.0,
            "attributes": dict(self.attributes),
        }


class Proxied:
    """One proxy. Its methods may be called at the same time; they take their turns.

    Args:
        api: The server's control API.
        name: The proxy's name there.
        path: Its path in the API.
        address: HOST:PORT on which it listens.
        upstream: HOST:PORT of the service behind it.
        keeps_journal: Whether the server is an embedded one: it tells what its connections met, and survives the
            removal of a toxic.
    """

    def __init__(
        self, api: ControlApi, *, name: str, path: str, address: str, upstream: str, keeps_journal: bool
    ) -> None:
        self._api = api
        self._name = name
        self._path = path
        self._address = address
        self._upstream = upstream
        self._embedded = keeps_journal
        self._enabled = True
        self._toxics: dict[str, _Toxic] = {}
        self._turn = asyncio.Lock()

    @property
    def name(self) -> str:
        """The proxy's name on its Toxiproxy."""
        return self._name

    @property
    def address(self) -> str:
        """HOST:PORT on which clients reach the service through this proxy. It never changes."""
        return self._address

    async def add_toxic(self, name: str, *, kind: str, direction: Direction, attributes: Mapping[str, int]) -> None:
        """Add a toxic of a Toxiproxy type, with toxicity 1 (TX-061); it acts on open connections too (TX-076).

        Raises:
            UsageError: The server knows no such type, or finds an attribute wrong.
            EnvironmentUnavailable: The name is taken, or the server does not answer.
        """
        toxic = _Toxic(name=name, kind=kind, direction=direction, attributes=dict(attributes))
        async with self._turn:
            await self._api.post(f"{self._path}/toxics", toxic.body())
            self._toxics[name] = toxic

    async def update_toxic(self, name: str, *, attributes: Mapping[str, int]) -> None:
        """Change attributes; those not named keep their value (TX-069).

        Raises:
            UsageError: The server finds an attribute wrong.
            EnvironmentUnavailable: There is no such toxic, or the server does not answer.
        """
        async with self._turn:
            # POST, which every server version knows; PATCH came with 2.6.
            await self._api.post(self._toxic_path(name), {"attributes": dict(attributes)})
            old = self._toxics[name]
            merged = {**old.attributes, **attributes}
            self._toxics[name] = _Toxic(name=name, kind=old.kind, direction=old.direction, attributes=merged)

    async def remove_toxic(self, name: str) -> None:
        """Take a toxic away.

        A real server can hang when a toxic that holds data back is removed (TX-130). There the proxy is deleted and
        created again on its address with the other toxics instead, which closes its connections. Toxics that hold no
        data are removed as on the embedded server, which leaves connections that they do not affect alone.

        Raises:
            EnvironmentUnavailable: There is no such toxic, or the server does not answer.
        """
        async with self._turn:
            if self._embedded or (name in self._toxics and self._toxics[name].kind not in HOLDING):
                await self._api.delete(self._toxic_path(name))
                self._toxics.pop(name, None)
                return
            if name not in self._toxics:
                raise Missing(f"proxy {self._name} has no toxic {name!r}; it has {', '.join(self._toxics) or 'none'}.")
            del self._toxics[name]
            await to_its_end(self._recreate())

    async def disable(self) -> None:
        """Close the listener and every connection: new connects are refused (TX-031).

        Raises:
            EnvironmentUnavailable: The server does not answer.
        """
        async with self._turn:
            await self._api.post(self._path, {"enabled": False})
            self._enabled = False

    async def enable(self) -> None:
        """Listen again on the same address; toxics apply at once.

        Raises:
            EnvironmentUnavailable: Somebody has taken the port (TX-033), or the server does not answer.
        """
        async with self._turn:
            await self._listen_again()
            self._enabled = True

    async def connections(self) -> Sequence[Connection] | None:
        """Return the connections so far, oldest first, or None where the server keeps no journal.

        Raises:
            EnvironmentUnavailable: The server does not answer.
        """
        if not self._embedded:
            return None
        journal = await self._api.get(self._path.replace("/proxies/", "/embedded/journal/", 1))
        return [_connection(entry) for entry in journal["connections"]]

    async def delete(self) -> None:
        """Delete the proxy; it closes its connections.

        Raises:
            EnvironmentUnavailable: It is not there any more, or the server does not answer.
        """
        async with self._turn:
            await self._api.delete(self._path)

    def _toxic_path(self, name: str) -> str:
        return f"{self._path}/toxics/{quote(name, safe='')}"

    async def _recreate(self) -> None:
        """Delete the proxy and create it again on its address: disabled first, so no client connects too early."""
        await self._api.delete(self._path)
        body = {"name": self._name, "upstream": self._upstream, "listen": self._address, "enabled": False}
        await self._api.post("/proxies", body)
        for toxic in self._toxics.values():
            await self._api.post(f"{self._path}/toxics", toxic.body())
        if self._enabled:
            await self._listen_again()

    async def _listen_again(self) -> None:
        """Enable. The port may be in use for a moment: a client's own connection can get it while nothing listens."""
        deadline = time.monotonic() + PORT_COMES_FREE
        while True:
            try:
                await self._api.post(self._path, {"enabled": True})
            except Taken:
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(ASK_AGAIN)
            else:
                return


def _connection(entry: Mapping[str, Any]) -> Connection:
    closed_at = entry["closed_at"]
    return Connection(
        opened_at=datetime.fromtimestamp(entry["opened_at"], UTC),
        closed_at=None if closed_at is None else datetime.fromtimestamp(closed_at, UTC),
        toxics=tuple(entry["toxics"]),
        bytes_up=entry["bytes_up"],
        bytes_down=entry["bytes_down"],
        end=entry["end"],
    )
