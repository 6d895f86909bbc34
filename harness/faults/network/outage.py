"""The service cannot be reached at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from harness.events import ConnectTried, FaultFired
from harness.evidence.evidence import Evidence
from harness.evidence.wire_effects import armed_spans
from harness.fault import target_name
from harness.faults.families import carried, counted
from harness.services.service import Service
from harness.testbed.ports import Part
from harness.testbed.testbed import Testbed
from harness.trigger import ALWAYS, Trigger


@dataclass(frozen=True, kw_only=True)
class Outage:
    """The proxy's listener is closed and every connection cut: new ones are refused (TX-031).

    Counted by the connections that were cut and by those that could not be opened, as the worker's process saw them:
    nothing listens on the closed port.
    """

    on: type[Service] | Part
    when: Trigger = ALWAYS

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        yield from ()

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Disable the proxy; enabling it again binds the same port."""
        proxy = testbed.proxy(self.on)
        if isinstance(self.on, Part):
            # A worker that is up polls, and holds a connection for it.
            cut = len(testbed.worker_pool().running)
        else:
            carried_now = [one for one in await proxy.connections() or () if one.closed_at is None]
            cut = max(len(carried_now), testbed.service(self.on).connections)
        await proxy.disable()
        if cut:
            testbed.stream.emit(FaultFired(fault=name, what=f"cut {counted(cut, 'connection')}"))
        try:
            yield
        finally:
            await proxy.enable()

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count the times that connections were cut, and the attempts to connect while it was armed."""
        cuts = sum(event.fault == name for event in evidence.of(FaultFired))
        spans = armed_spans(evidence, name)
        tried = [event.at for event in evidence.of(ConnectTried) if event.service == target_name(self.on)]
        return cuts + sum(start <= at <= end for at in tried for start, end in spans)

    def seen_instead(self, evidence: Evidence) -> str:
        """Say what the proxy carried, and how often somebody tried."""
        tried = sum(event.service == target_name(self.on) for event in evidence.of(ConnectTried))
        return f"{carried(self.on, evidence)}; attempts to connect: {tried}"
