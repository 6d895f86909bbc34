"""Bytes are dropped, and the connection stays open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from harness.faults.families import NetworkFault, milliseconds


@dataclass(frozen=True, kw_only=True)
class Timeout(NetworkFault):
    """Everything in one direction is dropped (TX-093). Healing closes the connections that it was on (TX-094).

    Attributes:
        closes_after: When the connection is closed, counted from the last dropped byte; None for never.
    """

    closes_after: timedelta | None = None

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.closes_after is not None and milliseconds(self.closes_after) < 1:
            yield f"closes_after must be at least 1 ms, got {self.closes_after}; leave it out for never."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's timeout."""
        return "timeout", {"timeout": 0 if self.closes_after is None else milliseconds(self.closes_after)}
