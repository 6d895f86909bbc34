"""The connection is reset in the middle of a message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from harness.faults.families import NetworkFault, milliseconds


@dataclass(frozen=True, kw_only=True)
class Reset(NetworkFault):
    """The first chunk in the direction is swallowed and both sides get RST (TX-100).

    Downstream, that is the answer: the service has done its work and sent its answer.

    Attributes:
        delay: From the first chunk to the reset.
    """

    delay: timedelta = timedelta(0)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.delay < timedelta(0):
            yield f"delay must not be negative, got {self.delay}."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's reset_peer."""
        return "reset_peer", {"timeout": milliseconds(self.delay)}
