"""The end of a connection is noticed late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from harness.faults.families import NetworkFault, milliseconds


@dataclass(frozen=True, kw_only=True)
class SlowClose(NetworkFault):
    """Data pass untouched; that one side has closed reaches the other only after `delay` (TX-092).

    Attributes:
        delay: How long; whole milliseconds.
    """

    delay: timedelta

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if milliseconds(self.delay) < 1:
            yield f"delay must be at least 1 ms, got {self.delay}."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's slow_close."""
        return "slow_close", {"delay": milliseconds(self.delay)}
