"""One call of an operation meets a fault, and no other request does, not even one that comes at the same time."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import quote

from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence
from harness.testbed.testbed import Testbed


@dataclass(frozen=True, kw_only=True)
class OnlyNthCall(ServiceFault):
    """Another fault of the same operation, for its nth call.

    The trigger `NthCall` arms a fault at that call and heals it at the next one, which may arrive while a driver still
    holds the nth.

    Attributes:
        n: Which call of the operation, from 1.
        fault: What happens to it.
        each_time: Whether it also happens whenever the same request is sent again: of the same path and body, whatever
            its idempotency key.
    """

    n: int
    fault: ServiceFault
    each_time: bool = False

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.n < 1:
            yield f"n must be >= 1, got {self.n}."
        if self.fault.on != self.on:
            yield f"the fault is on {self.fault.on}, not on {self.on}."
        yield from self.fault.problems()

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Put the fault between the operation and its nth caller."""
        nth: list[tuple[str, str, bytes]] = []

        async def disturbance(call: Call, proceed: Proceed) -> Reply | Silence:
            if call.number == self.n:
                nth.append(_request(call))
            elif not (self.each_time and call.number > self.n and _request(call) in nth):
                return await proceed()
            return await self.fault.disturb_counted(call, proceed, testbed=testbed, name=name)

        with testbed.fake(self.on).disturbed(self.on, disturbance):
            yield


def _request(call: Call) -> tuple[str, str, bytes]:
    """Return what is asked for; the idempotency key, which may be in the path or the body, only names it."""
    key = call.key or ""
    path = [part for part in call.sent.target.split("/") if part != quote(key, safe="")]
    return call.sent.method, "/".join(path), call.sent.content.replace(json.dumps(key).encode(), b"")
