"""The connection is closed in the middle of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from harness.faults.families import NetworkFault


@dataclass(frozen=True, kw_only=True)
class LimitData(NetworkFault):
    """Exactly so many bytes pass, then the connection is closed (TX-107). Counted for each connection.

    Attributes:
        after_bytes: How many bytes pass.
    """

    after_bytes: int

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.after_bytes < 0:
            yield f"after_bytes must not be negative, got {self.after_bytes}."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's limit_data."""
        return "limit_data", {"bytes": self.after_bytes}
