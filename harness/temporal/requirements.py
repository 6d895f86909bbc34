"""What a scenario needs of the Temporal server it runs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Clock(StrEnum):
    """How time passes for workflows."""

    REAL = "real"
    SKIPPING = "skipping"
    """Each workflow's clock jumps to its next timer, retry or timeout when no activity of it is running."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A Temporal server. Scenarios that want the same share one, unless it is to be broken.

    Attributes:
        clock: How time passes. A skipping clock makes production's waits cost milliseconds; a running activity and
            a heartbeat timeout still take what they take.
        dynamic_config: Values of the server's dynamic configuration as JSON, such as
            {"limit.historyCount.suggestContinueAsNew": "20"}.
        breakable: A server for this run alone, with its data on disk, so that a fault can kill and restart it.
    """

    clock: Clock = Clock.REAL
    dynamic_config: Mapping[str, str] = field(default_factory=dict)
    breakable: bool = False

    @property
    def pool_key(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Servers with the same key can be shared."""
        return self.clock, tuple(sorted(self.dynamic_config.items()))


SHARED = Server()
"""The server of a scenario that asks for nothing special."""
