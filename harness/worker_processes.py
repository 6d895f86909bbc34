"""Workers as child processes, which can be killed, paused, drained and replaced like pods."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.application import Application
from harness.child import VARIABLE, Orders
from harness.errors import EnvironmentUnavailable, UsageError
from harness.events import Event, WorkerGone, WorkerPaused, WorkerResumed, WorkerStarted, from_json
from harness.leash import Leash, end
from harness.points import Phase, Point, Points
from harness.worker import WorkerOptions

UP_WITHIN = timedelta(seconds=30)
"""How long a child may take until it polls. It takes 0.7 s on an idle machine, most of it imports."""


@dataclass(frozen=True, kw_only=True)
class WorkerProcesses:
    """How many worker processes a scenario wants, and how each is built.

    Attributes:
        count: How many.
        max_cached_workflows: 0 replays each workflow from its start at every task.
        grace: How long attempts may run on in a worker that is drained.
    """

    count: int = 1
    max_cached_workflows: int = 1000
    grace: timedelta = timedelta(seconds=3)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise UsageError(f"{self.count} worker processes cannot run anything.")

    @property
    def options(self) -> WorkerOptions:
        """How each worker is built. A killed worker's own queue holds the next task for 1 s, not for 10."""
        return WorkerOptions(
            max_cached_workflows=self.max_cached_workflows, grace=self.grace, sticky_within=timedelta(seconds=1)
        )


@dataclass(frozen=True, kw_only=True)
class Crew:
    """What all workers of a run have in common.

    Attributes:
        temporal: HOST:PORT that workers connect to.
        namespace: Which namespace.
        environment_config: Whether their connection comes from Temporal's environment configuration besides.
        task_queue: What they poll.
        base_urls: Where the services are, by name.
        application: What they run, unless a fault deploys another.
        options: How each is built.
    """

    temporal: str
    namespace: str
    environment_config: bool
    task_queue: str
    base_urls: Mapping[str, str]
    application: Application
    options: WorkerOptions


@dataclass
class _Child:
    name: str
    process: Process
    ready: asyncio.Future[None]
    paused: bool = False
    ending: bool = False
    waiter: asyncio.Task[None] | None = field(default=None, repr=False)


class Workers:
    """The worker processes of one run.

    Args:
        crew: What they have in common.
        leash: Ends them should this process die, also one that is stopped.
        log: Receives their output.
        emit: Takes their events.
        points: Is told of the points that they reach.
    """

    def __init__(self, crew: Crew, *, leash: Leash, log: Path, emit: Callable[[Event], None], points: Points) -> None:
        self._crew = crew
        self._leash = leash
        self._log = log
        self._emit = emit
        self._points = points
        self._children: dict[str, _Child] = {}
        self._started = 0
        self._socket = ""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take what the children say inside the context; leaving it drains them all."""
        with tempfile.TemporaryDirectory(prefix="harness-") as folder:
            self._socket = os.path.join(folder, "runner")  # noqa: PTH118 - a socket's path is text
            server = await asyncio.start_unix_server(self._listen, self._socket, limit=2**24)
            try:
                yield
            finally:
                await asyncio.gather(*(self._end(child) for child in self._children.values()))
                server.close()
                await server.wait_closed()

    @property
    def running(self) -> tuple[str, ...]:
        """The names of the workers that live, paused or not, oldest first."""
        return tuple(child.name for child in self._children.values() if child.process.returncode is None)

    def at_point(self) -> str:
        """The worker that reached the latest point if it lives; else the oldest that does.

        Raises:
            EnvironmentUnavailable: None lives.
        """
        latest = self._points.latest
        if latest is not None and latest.worker in self.running:
            return latest.worker
        if not self.running:
            raise EnvironmentUnavailable("no worker is left that a fault could strike.")
        return self.running[0]

    async def start(self, application: Application | None = None) -> str:
        """Start one more worker, of another application if one is given, and wait until it polls.

        Raises:
            EnvironmentUnavailable: It ended instead, or did not come up in time; the message quotes its log.
        """
        self._started += 1
        name = f"worker-{self._started}"
        crew = self._crew
        orders = Orders(
            name=name,
            socket=self._socket,
            temporal=crew.temporal,
            namespace=crew.namespace,
            environment_config=crew.environment_config,
            task_queue=crew.task_queue,
            base_urls=dict(crew.base_urls),
            application=application or crew.application,
            options=crew.options,
            path=sys.path,
        )
        with self._log.open("ab") as output:
            process = await self._leash.spawn(
                [sys.executable, "-m", "harness.child"],
                stdout=output,
                env={**os.environ, VARIABLE: orders.to_text(), "PYTHONPATH": os.pathsep.join(sys.path)},
            )
        child = _Child(name, process, asyncio.get_running_loop().create_future())
        self._children[name] = child
        child.waiter = asyncio.create_task(self._wait(child))
        await asyncio.wait(
            [child.ready, child.waiter], timeout=UP_WITHIN.total_seconds(), return_when="FIRST_COMPLETED"
        )
        if not child.ready.done():
            await self._end(child)
            words = self._log.read_text(errors="replace").strip()[-500:]
            raise EnvironmentUnavailable(f"{name} did not come up. Its last words: {words or '(none)'}")
        return name

    async def kill(self, name: str) -> None:
        """Kill a worker with SIGKILL, and wait until it is gone."""
        child = self._children[name]
        child.process.kill()
        await child.process.wait()

    def pause(self, name: str) -> None:
        """Stop a worker in its tracks with SIGSTOP, network threads and all."""
        child = self._children[name]
        child.process.send_signal(signal.SIGSTOP)
        child.paused = True
        self._emit(WorkerPaused(worker=name))

    def resume(self, name: str) -> None:
        """Let a paused worker go on with SIGCONT."""
        child = self._children[name]
        if child.process.returncode is None and child.paused:
            child.process.send_signal(signal.SIGCONT)
            child.paused = False
            self._emit(WorkerResumed(worker=name))

    def drain(self, name: str) -> asyncio.Task[None]:
        """Ask a worker to stop with SIGTERM. The task that is returned ends when it is gone."""
        child = self._children[name]
        child.ending = True
        with contextlib.suppress(ProcessLookupError):
            child.process.terminate()
        assert child.waiter is not None  # noqa: S101 - set when it was started
        return child.waiter

    async def _end(self, child: _Child) -> None:
        self.resume(child.name)
        child.ending = True
        await end(child.process, grace=self._crew.options.grace + timedelta(seconds=2))
        if child.waiter is not None:
            await child.waiter

    async def _wait(self, child: _Child) -> None:
        code = await child.process.wait()
        self._emit(WorkerGone(worker=child.name, pid=child.process.pid, code=code, asked=child.ending))

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                said = json.loads(line)
                if "event" in said:
                    self._take(from_json(said["event"]))
                else:
                    await self._points.reached(_read_point(said["point"]))
                    writer.write(b"go\n")
        except ConnectionError:
            pass  # it was killed in the middle of a sentence
        finally:
            writer.close()

    def _take(self, event: Event) -> None:
        self._emit(event)
        if isinstance(event, WorkerStarted) and not self._children[event.worker].ready.done():
            self._children[event.worker].ready.set_result(None)


def _read_point(data: dict[str, Any]) -> Point:
    return Point(**{**data, "phase": Phase(data["phase"])})
