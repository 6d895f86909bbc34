"""The families that kinds of faults are made of: inside a service, on the wire, of a worker, of the Temporal server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from harness.events import ConnectionCarried, FaultFired, NoConnectionJournal, PointReached
from harness.evidence.evidence import Evidence
from harness.evidence.wire_effects import answers_hit, armed_spans, attempts_hit, requests_hit
from harness.fault import target_name
from harness.services.operation import Call, Operation, Proceed, Reply, Silence
from harness.services.service import FakeService, Service
from harness.testbed.ports import Direction, Part
from harness.testbed.testbed import Target, Testbed
from harness.trigger import ALWAYS, Trigger


def counted(many: int, thing: str) -> str:
    """Return "1 call", "2 calls"."""
    return f"{many} {thing}" if many == 1 else f"{many} {thing}s"


def milliseconds(duration: timedelta) -> int:
    """Return a duration in Toxiproxy's unit."""
    return round(duration / timedelta(milliseconds=1))


@dataclass(frozen=True, kw_only=True)
class ServiceFault:
    """The family of faults inside a fake: each call of an operation goes through `disturb` while it is armed.

    Counted by the calls it changed, recorded as `FaultFired`: one that it lets proceed, and whose reply it passes on as
    it is, is spared. A kind that only holds calls has an `arm` of its own.
    """

    on: Operation
    when: Trigger = ALWAYS

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        yield from ()

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Answer instead of the service, or let it proceed and do something with its reply."""
        raise NotImplementedError

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Put the fault between the operation and its callers."""

        async def disturbance(call: Call, proceed: Proceed) -> Reply | Silence:
            return await self.disturb_counted(call, proceed, testbed=testbed, name=name)

        with testbed.fake(self.on).disturbed(self.on, disturbance):
            yield

    async def disturb_counted(self, call: Call, proceed: Proceed, *, testbed: Testbed, name: str) -> Reply | Silence:
        """Disturb a call, and record that it was, unless it was spared.

        Args:
            call: Which call.
            proceed: Lets the service answer.
            testbed: Where it is recorded.
            name: The fault's name.
        """
        replies: list[Reply] = []

        async def observed() -> Reply:
            replies.append(await proceed())
            return replies[-1]

        reply = await self.disturb(call, observed)
        if replies != [reply]:
            what = f"kept silent: {reply.why}" if isinstance(reply, Silence) else f"answered {reply.status}"
            testbed.stream.emit(FaultFired(fault=name, call=call.id, what=what))
        return reply

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count the calls it changed."""
        return sum(event.fault == name for event in evidence.of(FaultFired))

    def seen_instead(self, evidence: Evidence) -> str:
        """Say which calls reached the operation."""
        calls = evidence.calls_of(self.on.service, self.on.name)
        others = [call.id for call in evidence.calls if call not in calls]
        reached = f"{counted(len(calls), 'call')} of {self.on}"
        return f"{reached}; other calls: {', '.join(others)}" if others else reached


@dataclass(frozen=True, kw_only=True)
class NetworkFault:
    """The family of faults on the wire to a fake, made with a toxic on its proxy.

    Counted by the connections on which the toxic acted, from the proxy's journal; where the Toxiproxy in use keeps
    none, by the requests or answers that were lost or late between the worker and the fake
    (`harness.evidence.wire_effects`).
    """

    on: type[Service] | Part
    when: Trigger = ALWAYS
    direction: Direction = Direction.DOWNSTREAM

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        yield from ()

    def toxic(self) -> tuple[str, Mapping[str, int]]:
        """Return Toxiproxy's type and attributes for this fault."""
        raise NotImplementedError

    def least_delay(self) -> timedelta | None:
        """The shortest delay by which it is known that this fault has acted; None when only a loss shows it."""
        return None

    @asynccontextmanager
    async def arm(self, testbed: Testbed, *, name: str) -> AsyncIterator[None]:
        """Have the toxic on the proxy, on live connections too."""
        kind, attributes = self.toxic()
        proxy = testbed.proxy(self.on)
        await proxy.add_toxic(name, kind=kind, direction=self.direction, attributes=attributes)
        try:
            yield
        finally:
            await proxy.remove_toxic(name)

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count the connections on which it acted; without a journal, what was lost or late between both ends."""
        if all(event.service != target_name(self.on) for event in evidence.of(NoConnectionJournal)):
            return sum(name in event.toxics for event in evidence.of(ConnectionCarried))
        if isinstance(self.on, Part) or not issubclass(self.on, FakeService):
            return attempts_hit(evidence, armed_spans(evidence, name), delay=self.least_delay())
        hit = answers_hit if self.direction is Direction.DOWNSTREAM else requests_hit
        return hit(evidence, self.on.name(), armed_spans(evidence, name), delay=self.least_delay())

    def seen_instead(self, evidence: Evidence) -> str:
        """Say what the proxy carried."""
        return carried(self.on, evidence)


def carried(on: type[Service] | Part, evidence: Evidence) -> str:
    """Say which connections a proxy carried."""
    name = target_name(on)
    seen = [event for event in evidence.of(ConnectionCarried) if event.service == name]
    answered = counted(sum(one.bytes_down for one in seen), "byte")
    return f"{counted(len(seen), 'connection')} through the proxy of {name}, {answered} answered"


@dataclass(frozen=True, kw_only=True)
class _ProcessFault:
    """What faults on processes have in common: each process that they hit is recorded as `FaultFired`."""

    when: Trigger = ALWAYS

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        yield from ()

    def arm(self, testbed: Testbed, *, name: str) -> AbstractAsyncContextManager[None]:
        """Hit the process; what is healed when the context is left depends on the kind."""
        raise NotImplementedError

    def fired(self, evidence: Evidence, *, name: str) -> int:
        """Count the hits."""
        return sum(event.fault == name for event in evidence.of(FaultFired))


@dataclass(frozen=True, kw_only=True)
class WorkerFault(_ProcessFault):
    """The family of faults that hit a worker process: the one at the point that triggers it, or the oldest.

    Of several faults at one point the first that is declared hits it; one that finds the worker gone hits none.
    Counted by the processes that were hit, recorded as `FaultFired`.
    """

    @property
    def on(self) -> Target:
        """The worker processes."""
        return Part.WORKERS

    def seen_instead(self, evidence: Evidence) -> str:
        """Say which points the workers reached."""
        points = dict.fromkeys(_described(one) for one in evidence.of(PointReached))
        fired = [f"{one.fault} {one.what}" for one in evidence.of(FaultFired) if one.call is None]
        others = f"; faults that fired: {', '.join(fired)}" if fired else ""
        return f"points reached: {', '.join(points) or 'none'}{others}"


def _described(point: PointReached) -> str:
    if not point.activity:
        return f"{point.phase} {point.number} of {point.workflow}"
    number = f" number {point.number}" if point.number else ""
    return f"{point.phase} of {point.activity} attempt {point.attempt}{number}"


@dataclass(frozen=True, kw_only=True)
class ServerFault(_ProcessFault):
    """The family of faults that hit the Temporal server, which must be this run's own.

    Counted by the times it was hit, recorded as `FaultFired`.
    """

    @property
    def on(self) -> Target:
        """The server."""
        return Part.SERVER

    def seen_instead(self, evidence: Evidence) -> str:
        """Say how far the workflow came."""
        events = [event.type for history in evidence.histories[:1] for event in history.events]
        return f"the workflow's history: {', '.join(events) or 'none'}"
