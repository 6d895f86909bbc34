"""What the distribution acme-harness brings: one of each thing that the harness finds by entry points."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import (
    Bounds,
    Call,
    Evidence,
    FakeService,
    Finding,
    Operation,
    Reply,
    ServiceFault,
    Switch,
    broken,
    cannot_tell,
    operation,
)
from harness.results import GateDecided, RunEnded, SessionEvent
from harness.services.operation import Proceed
from harness.testbed.testbed import Target, Testbed


class Kettles(FakeService):
    """Boils water."""

    @operation("POST /boil")
    async def boil(self, call: Call) -> Reply:
        """Boil."""
        return Reply(body={"boiled": True})


@dataclass(frozen=True, kw_only=True)
class Teapot(ServiceFault):
    """The service answers that it is a teapot."""

    async def disturb(self, call: Call, proceed: Proceed) -> Reply:
        """Answer 418."""
        return Reply(status=418)


@dataclass(frozen=True, kw_only=True)
class FirstCall:
    """In force for the first call."""

    def bounds(self, on: Target) -> Bounds:
        """Exactly once."""
        return Bounds(at_least=1, at_most=1)

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm at once; heal when the second call has arrived."""
        calls: list[str] = []

        async def count(call: Call) -> None:
            calls.append(call.id)
            if len(calls) == 2:
                await switch.heal()

        await switch.arm()
        with testbed.fake(on).watched(on if isinstance(on, Operation) else None, count):
            yield


@dataclass(frozen=True, kw_only=True)
class NeverATeapot:
    """No call of an operation was answered by a teapot."""

    of: Operation

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at every answer."""
        calls = evidence.calls_of(self.of.service, self.of.name)
        if not calls:
            yield cannot_tell(self, f"{self.of} was never called.")
        for call in calls:
            if call.status == 418:
                yield broken(self, f"{call.id} was answered by a teapot.", refs=[call.id])


class Lines:
    """A line for each run, and one for the decision."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_text("", encoding="utf-8")

    def notify(self, event: SessionEvent) -> None:
        """Write the lines as the events come."""
        if isinstance(event, RunEnded):
            self._write(f"{event.result.name} {event.result.verdict.name}")
        elif isinstance(event, GateDecided):
            self._write(event.title)

    def _write(self, line: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
