"""What a fault needs of the testbed: a proxy, and a server that can be killed or paused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol


class Part(StrEnum):
    """A part of the testbed that is not a service."""

    WORKERS = "workers"
    """The application's worker processes."""
    LINK = "link"
    """The connections between the workers and Temporal; the scenario's own client has others."""
    SERVER = "server"
    """The Temporal server."""


class Direction(StrEnum):
    """Which way the bytes flow through a proxy, in Toxiproxy's terms (its field `stream`)."""

    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One client connection through a proxy, from the proxy's own journal.

    Attributes:
        opened_at: When the client was accepted.
        closed_at: When the last of the two sockets was closed, None while it is open.
        toxics: Names of the toxics that acted on it, in the order in which they first did: a latency toxic when
            it delayed a chunk, a timeout toxic when it dropped one or closed the connection, and so on. A toxic
            that was merely present is not named.
        bytes_up: Bytes delivered to the upstream.
        bytes_down: Bytes delivered to the client.
        end: How it ended for the client: "fin", "rst", or None while it is open.
    """

    opened_at: datetime
    closed_at: datetime | None
    toxics: tuple[str, ...]
    bytes_up: int
    bytes_down: int
    end: str | None


class Proxy(Protocol):
    """One proxy in front of one service. The methods return when the change is in force, on live connections too."""

    @property
    def name(self) -> str:
        """The proxy's name on its Toxiproxy."""

    @property
    def address(self) -> str:
        """HOST:PORT on which clients reach the service through this proxy."""

    async def add_toxic(self, name: str, *, kind: str, direction: Direction, attributes: Mapping[str, int]) -> None:
        """Add a toxic of Toxiproxy type `kind`, toxicity 1.0: the harness chooses which calls it affects."""

    async def update_toxic(self, name: str, *, attributes: Mapping[str, int]) -> None:
        """Change attributes of a toxic; the others keep their value."""

    async def remove_toxic(self, name: str) -> None:
        """Remove a toxic, in a way that does not hang this server (TX-130)."""

    async def disable(self) -> None:
        """Close the listener and every connection: new connects are refused (TX-031)."""

    async def enable(self) -> None:
        """Listen again on the same address; toxics apply at once."""

    async def connections(self) -> Sequence[Connection] | None:
        """Return the connections carried so far, oldest first, or None where the provider keeps no journal."""


class BreakableServer(Protocol):
    """A Temporal server that the harness has started."""

    async def kill(self) -> None:
        """Kill it with SIGKILL, and wait until it is gone."""

    async def restart(self, *, unready_for: timedelta = timedelta(0)) -> None:
        """Start it again on the same port, with its data, and wait until it answers.

        Args:
            unready_for: How long it listens without answering, once it listens.

        Raises:
            EnvironmentUnavailable: It does not come up.
        """

    def pause(self) -> None:
        """Suspend it."""

    def resume(self) -> None:
        """Resume it."""
