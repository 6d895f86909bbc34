"""Every byte takes its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from harness.fault import NetworkFault, milliseconds


@dataclass(frozen=True, kw_only=True)
class Latency(NetworkFault):
    """Each chunk arrives `delay` after it was sent (TX-085). The handshake is not delayed.

    Attributes:
        delay: How long; whole milliseconds.
    """

    delay: timedelta

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if milliseconds(self.delay) < 1:
            yield f"a delay of {self.delay} is none."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's latency, without jitter."""
        return "latency", {"latency": milliseconds(self.delay)}
