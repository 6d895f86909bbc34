"""The bandwidth is limited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from harness.faults.families import NetworkFault


@dataclass(frozen=True, kw_only=True)
class Bandwidth(NetworkFault):
    """So many bytes a second, one connection as the next (TX-088).

    Attributes:
        kilobytes_per_second: In units of 1000 bytes. 0 lets nothing through and loses nothing (TX-089).
    """

    kilobytes_per_second: int

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.kilobytes_per_second < 0:
            # It ends a real Toxiproxy (TX-090).
            yield f"kilobytes_per_second must not be negative, got {self.kilobytes_per_second}."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's bandwidth."""
        return "bandwidth", {"rate": self.kilobytes_per_second}

    def least_delay(self) -> timedelta | None:
        """What the shortest HTTP message takes, some 100 bytes."""
        return timedelta(seconds=0.1 / self.kilobytes_per_second) if self.kilobytes_per_second else None
