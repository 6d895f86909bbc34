"""Runs schedules in simulation, on a Temporal server that is a few objects in the same process.

The application's worker is the real one, in an event loop whose time passes only while nothing runs.

Everything above is as on a real server: the worker's loop and its watch, the injector, the run and its judge.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from temporalio.client import WorkflowHistory

from harness.events import Replayed
from harness.explore.backends.loop_worker import LoopWorker
from harness.explore.backends.schedule_run import Acting, Replay
from harness.explore.backends.shared_worker import SharedWorker, WorkerThread
from harness.explore.inject.watched_loop import WatchedLoop
from harness.explore.model.schedule import Schedule
from harness.explore.model.target import Target
from harness.library_internals.simulated_bridge import simulated_workers
from harness.library_internals.skipping_clock import with_skipping_clock
from harness.oracle import Oracle
from harness.results import Result
from harness.simulation.client import client_of
from harness.simulation.server.server import SimulatedServer
from harness.simulation.unmodelled import Unmodelled
from harness.temporal.requirements import Clock


class SimulatedWorker(SharedWorker):
    """Runs schedules against one target, one at a time: they wait for nothing, and take turns on one processor anyway.

    Args:
        target: The application.
        real_time: Whether all waits and timeouts are left as they are.
    """

    def __init__(self, target: Target, *, real_time: bool = False) -> None:
        self._servers: dict[WorkerThread, SimulatedServer] = {}
        # A client of a server of its own says which data converter the target's clients have.
        super().__init__(target, client_of(SimulatedServer()), jobs=1, real_time=real_time)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Run the application's worker inside the context."""
        with simulated_workers():
            async with super().working():
                yield

    async def run(self, schedule: Schedule, expects: Sequence[Oracle]) -> Result:
        """Run one schedule, and judge it once everything has come to rest.

        Raises:
            Unmodelled: Something in it is not modelled; a real server has to be asked.
            HarnessError: The worker, the target's `reset` or its `world` is broken.
            UsageError: The application lists workflows, and its target does not say so.
        """
        async with self._slots:
            try:
                return await self._until_done(schedule, expects)
            except Unmodelled:
                old = self._thread
                self._thread = await self._begin()
                self._servers.pop(old, None)
                await old.close()
                raise
            finally:
                self._thread.loop.call(self._servers[self._thread].clear)

    async def _begin(self) -> WorkerThread:
        thread = WorkerThread(virtual=True)
        worker: list[LoopWorker] = []
        wanted = self.target.server(real_time=self._real_time)

        async def serve() -> SimulatedServer:
            return SimulatedServer(
                search_attributes=wanted.search_attributes, gave_up=lambda error: _only(worker).give_up(error)
            )

        server = await asyncio.wrap_future(thread.loop.submit(serve()))
        client = client_of(server)
        if wanted.clock is Clock.SKIPPING:
            client = with_skipping_clock(client)
        worker.append(
            LoopWorker(
                self.target,
                client,
                run_ids=secrets.token_hex(3),
                real_time=self._real_time,
                took=lambda call: self._took.get(call, 0.0),
                hangs=self._hangs,
                belongs=thread.loop.belongs,
                replay=self._replay_outside(thread.loop),
            )
        )
        self._servers[thread] = server
        await thread.open(worker[0])
        return thread

    def _replay_outside(self, loop: WatchedLoop[Acting]) -> Replay:
        """Return what replays histories from that loop, whose clock stands still meanwhile."""

        async def replay(histories: Sequence[WorkflowHistory]) -> Sequence[Replayed]:
            with loop.held():
                return await self._replay(histories)

        return replay


def _only(made: list[LoopWorker]) -> LoopWorker:
    [worker] = made
    return worker
