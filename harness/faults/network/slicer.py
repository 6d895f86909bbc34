"""What was sent in one piece arrives in many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from harness.faults.families import NetworkFault


@dataclass(frozen=True, kw_only=True)
class Slicer(NetworkFault):
    """Chunks are cut into small pieces, with a pause after each (TX-105). All bytes arrive, in order.

    Attributes:
        average_size: Bytes to a piece, about; a piece is usually half of it to all of it.
        variation: By how many bytes the cuts vary.
        pause: After each piece; whole microseconds.
    """

    average_size: int
    variation: int = 0
    pause: timedelta = timedelta(0)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        # Either ends a real Toxiproxy (TX-106).
        if self.average_size < 1:
            yield f"average_size must be positive, got {self.average_size}."
        if not 0 <= self.variation < max(1, self.average_size):
            yield f"variation must be at least 0 and less than average_size, got {self.variation}."
        if self.pause < timedelta(0):
            yield f"pause must not be negative, got {self.pause}."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's slicer."""
        return "slicer", {
            "average_size": self.average_size,
            "size_variation": self.variation,
            "delay": self.pause // timedelta(microseconds=1),
        }

    def least_delay(self) -> timedelta | None:
        """One pause: there is one after every piece, the last included."""
        return self.pause or None
