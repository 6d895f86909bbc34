"""Every chunk arrives late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import ChanceDrawn
from harness.faults.families import NetworkFault, milliseconds
from harness.services.operation import Call
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class Latency(NetworkFault):
    """Each chunk arrives `delay` after it was sent (TX-085). The handshake is not delayed.

    Attributes:
        delay: How long; whole milliseconds.
        jitter: By how much it varies, either way. Drawn from the run's seed for each call that has the service to
            itself, and logged; Toxiproxy's own jitter cannot be repeated (TX-078).
    """

    delay: timedelta
    jitter: timedelta = timedelta(0)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if milliseconds(self.delay) < 1:
            yield f"delay must be at least 1 ms, got {self.delay}."
        if not timedelta(0) <= self.jitter <= self.delay:
            yield f"jitter must be between 0 and delay ({self.delay}), got {self.jitter}."

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Toxiproxy's latency, without its jitter."""
        return "latency", {"latency": milliseconds(self.delay)}

    def least_delay(self) -> timedelta | None:
        """The shortest that can be drawn."""
        return max(self.delay - self.jitter, timedelta(milliseconds=1))

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Have the toxic on the proxy, and draw its delay for each call that arrives."""
        proxy = testbed.proxy(self.on)

        async def draw(_call: Call) -> None:
            # A change sets free what is just waiting (TX-086): with another call under way, the last draw stays.
            if testbed.fake(self.on).in_flight > 1:
                return
            span = milliseconds(self.jitter)
            drawn = milliseconds(self.delay) + testbed.random.randint(-span, span)
            await proxy.update_toxic(name, attributes={"latency": drawn})
            testbed.stream.emit(ChanceDrawn(fault=name, what=f"{drawn} ms"))

        async with super().arm(testbed, name=name):
            if not self.jitter:
                yield
                return
            with testbed.fake(self.on).watched(None, draw):
                yield
