"""Holds a run where it is, with everything up, so that somebody can look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from harness.environment.temporal.server import TemporalServer
from harness.errors import UsageError, unknown
from harness.fault import target_name
from harness.library_internals.activity_definition import activity_problem
from harness.results import Result
from harness.testbed.testbed import Testbed
from harness.workers.failpoints import Failpoint, Phase


@dataclass(frozen=True, kw_only=True)
class HoldPoint:
    """A failpoint to hold at.

    Attributes:
        phase: Its phase.
        activity: The activity type; None for any.
    """

    phase: Phase
    activity: str | None = None

    @classmethod
    def of(cls, text: str) -> HoldPoint:
        """Return the place that "before_body:book_flight" or "workflow_task" names.

        Raises:
            UsageError: There is no such phase, or a workflow task is given an activity.
        """
        phase, _, activity = text.partition(":")
        if phase not in set(Phase):
            raise UsageError(unknown("failpoint to hold at", phase, list(Phase)))
        if phase == Phase.WORKFLOW_TASK and activity:
            raise UsageError(f"workflow_task takes no activity name; remove ':{activity}'.")
        return cls(phase=Phase(phase), activity=activity or None)

    def refuse_unknown(self, activities: Collection[str] | None) -> None:
        """Refuse an activity that no worker has: the run would never be held.

        Args:
            activities: The types that the run's workers have; None if that is not known.

        Raises:
            UsageError: No worker has an activity of that type.
        """
        problem = activity_problem(self.activity, activities) if self.activity else ""
        if problem:
            raise UsageError(f"--hold-at {self.phase}:{self.activity}: {problem}")

    def fits(self, point: Failpoint) -> bool:
        """Whether a failpoint is this one."""
        return point.phase is self.phase and self.activity in {None, point.activity}


@dataclass(kw_only=True)
class Hold:
    """Holds one run: after its verdict, or the first time that a failpoint is reached.

    Attributes:
        say: Receives each line for the person who looks.
        at: The failpoint; None for after the verdict.
    """

    say: Callable[[str], None]
    at: HoldPoint | None = None
    _let_go: asyncio.Event = field(default_factory=asyncio.Event)
    _held_in: asyncio.AbstractEventLoop | None = None

    def let_go(self) -> bool:
        """Let the run go on, if it is held; return whether it was. May be called by a signal handler."""
        loop, self._held_in = self._held_in, None
        if loop is not None:
            loop.call_soon_threadsafe(self._let_go.set)
        return loop is not None

    @asynccontextmanager
    async def watching(self, testbed: Testbed, server: TemporalServer, workflow_id: str) -> AsyncIterator[None]:
        """Hold at the failpoint, should it be reached inside the context."""

        async def look(point: Failpoint) -> None:
            if self.at is not None and self.at.fits(point) and not self._let_go.is_set():
                of = f"of {point.activity}" if point.activity else str(point.number)
                await self._hold(f"{point.phase} {of}", testbed, server, workflow_id)

        if self.at is None:
            yield
            return
        try:
            with testbed.failpoints.watched(look, self.at.phase):
                yield
        finally:
            # Whatever ends the run: a worker that waits here could not stop.
            self._let_go.set()

    async def after(self, result: Result, testbed: Testbed, server: TemporalServer) -> None:
        """Hold after the verdict, unless the run was to be held at a failpoint."""
        if self.at is None:
            found = f": {result.findings[0].title}" if result.findings else ""
            workflow_id = result.evidence.histories[0].workflow_id if result.evidence.histories else ""
            await self._hold(f"{result.verdict}{found}", testbed, server, workflow_id)

    async def _hold(self, why: str, testbed: Testbed, server: TemporalServer, workflow_id: str) -> None:
        # Before it is printed: whoever reads it may press Ctrl-C at once.
        self._held_in = asyncio.get_running_loop()
        for line in (f"held at {why}", *addresses(testbed, server, workflow_id), "Press Ctrl-C to continue."):
            self.say(line)
        await self._let_go.wait()


def addresses(testbed: Testbed, server: TemporalServer, workflow_id: str) -> Iterator[str]:
    """Yield where everything is, one line each."""
    yield f"Temporal   {server.address}, namespace {server.namespace}"
    if server.ui:
        there = f"/namespaces/{server.namespace}/workflows/{quote(workflow_id, safe='')}" if workflow_id else ""
        yield f"web UI     {server.ui}{there}"
    for kind, service in testbed.services.items():
        proxy = testbed.proxies.get(kind)
        yield f"{kind.name():<10} {service.address}, behind the proxy {proxy.address if proxy else '-'}"
    for target, proxy in testbed.proxies.items():
        if target not in testbed.services:
            yield f"{target_name(target):<10} proxy {proxy.address}"
