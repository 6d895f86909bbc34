"""Workers as child processes, which can be killed, paused, drained and replaced like pods."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.application import Application
from harness.child import Orders, packed
from harness.errors import EnvironmentUnavailable, UsageError
from harness.event_json import from_json
from harness.events import (
    Event,
    RunBroken,
    WorkerGone,
    WorkerPaused,
    WorkerResumed,
    WorkerStarted,
)
from harness.leash import end
from harness.nursery import Forked, Nursery
from harness.points import Phase, Point, Points, now_at
from harness.worker import WorkerOptions

UP_WITHIN = timedelta(seconds=30)
"""How long a worker may take until it polls. It takes 0.1 s on an idle machine, besides the application's imports."""

KILLED_AFTER = timedelta(seconds=2)
"""How long after its grace a worker that was asked to end is killed, as an orchestrator does."""

STICKY = timedelta(seconds=0.3)
"""How long the server waits for a worker's own queue; a killed one would else hold up the next task for 10 s."""

POLLS = 2
"""How many polls of a kind a worker has open. A task that is handed to the open poll of a paused worker is lost until
it times out, so that each costs a pause one more attempt; the SDK's default is 5."""


@dataclass(frozen=True, kw_only=True)
class WorkerProcesses:
    """How many worker processes a scenario wants, and how each is built.

    Attributes:
        count: How many.
        max_cached_workflows: 0 replays each workflow from its start at every task.
        grace: How long attempts may run on in a worker that is drained, before they are cancelled.

    Raises:
        UsageError: There is none, or one cannot be built so.
    """

    count: int = 1
    max_cached_workflows: int = 1000
    grace: timedelta = timedelta(seconds=3)

    def __post_init__(self) -> None:
        if self.count < 1:
            raise UsageError(f"{self.count} worker processes cannot run anything.")
        if self.max_cached_workflows < 0:
            raise UsageError(f"a worker cannot keep {self.max_cached_workflows} workflows in memory.")
        if self.grace < timedelta(0):
            raise UsageError(f"a worker cannot be given a grace of {self.grace}.")

    def problems(self, application: Application) -> Iterator[str]:
        """Say what keeps these from running an application, one sentence each."""
        try:
            packed(application)
        except UsageError as error:
            yield str(error)

    @property
    def options(self) -> WorkerOptions:
        """How each worker is built."""
        return WorkerOptions(
            max_cached_workflows=self.max_cached_workflows, grace=self.grace, sticky_within=STICKY, polls=POLLS
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


@dataclass(eq=False)
class _Worker:
    name: str
    process: Forked
    ready: asyncio.Future[None]
    gone: asyncio.Future[None] = field(repr=False, default_factory=lambda: asyncio.get_running_loop().create_future())
    paused: bool = False
    ending: bool = False


class Workers:
    """The worker processes of one run.

    Whatever goes wrong with them beside what a fault does is told as `RunBroken`.

    Args:
        crew: What they have in common.
        nursery: Forks them.
        log: Receives their output.
        emit: Takes their events.
        points: Is told of the points that they reach.
    """

    def __init__(
        self, crew: Crew, *, nursery: Nursery, log: Path, emit: Callable[[Event], None], points: Points
    ) -> None:
        self._crew = crew
        self._nursery = nursery
        self._log = log
        self._emit = emit
        self._points = points
        self._workers: dict[str, _Worker] = {}
        self._waiting: set[asyncio.Task[None]] = set()
        self._started = 0
        self._socket = ""
        self._no_more = False

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Take what the workers say inside the context; leaving it drains them all."""
        with tempfile.TemporaryDirectory(prefix="harness-") as folder:
            self._socket = os.path.join(folder, "runner")  # noqa: PTH118 - a socket's path is text
            server = await asyncio.start_unix_server(self._listen, self._socket, limit=2**24)
            try:
                yield
            finally:
                await asyncio.gather(*(self._end(worker) for worker in self._workers.values()))
                server.close()
                await server.wait_closed()

    @property
    def running(self) -> tuple[str, ...]:
        """The names of the workers that live, paused or not, oldest first."""
        return tuple(worker.name for worker in self._workers.values() if worker.process.returncode is None)

    def victim(self) -> str | None:
        """The worker at the point that is being told of, None if it is gone; away from points, the oldest that lives.

        Raises:
            EnvironmentUnavailable: None lives.
        """
        point = now_at()
        if point is not None:
            return point.worker if point.worker in self.running else None
        if not self.running:
            raise EnvironmentUnavailable("no worker is left that a fault could strike.")
        return self.running[0]

    def start_soon(self) -> asyncio.Task[None]:
        """Start one more worker beside whatever else happens; what goes wrong with it breaks the run.

        Returns:
            What ends when it polls.
        """
        return self._in_background(self._start_or_break())

    async def _start_or_break(self) -> None:
        try:
            await self.start()
        except EnvironmentUnavailable as error:
            self._emit(RunBroken(what=str(error)))

    def no_more(self) -> None:
        """From now on start no workers: the workflow has ended, and nothing is left for them to do."""
        self._no_more = True

    async def start(self, application: Application | None = None) -> str | None:
        """Start one more worker, of another application if one is given, and wait until it polls.

        Returns:
            Its name; None when no more are wanted.

        Raises:
            EnvironmentUnavailable: It ended instead, or did not come up in time; the message quotes its log.
        """
        if self._no_more:
            return None
        self._started += 1
        name = f"worker-{self._started}"
        log = self._log.with_name(f"{self._log.stem}-{self._started}{self._log.suffix}")
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
        process = await self._nursery.fork(orders.to_text(), log=log)
        worker = _Worker(name, process, asyncio.get_running_loop().create_future())
        self._workers[name] = worker
        self._in_background(self._wait(worker))
        await asyncio.wait(
            [worker.ready, worker.gone], timeout=UP_WITHIN.total_seconds(), return_when="FIRST_COMPLETED"
        )
        if not worker.ready.done():
            gone = worker.gone.done()
            await self._end(worker)
            became = "ended as it started" if gone else f"did not poll within {UP_WITHIN.total_seconds():g} s"
            raise EnvironmentUnavailable(f"{name} {became}. Its last words: {_last_words(log)}")
        return name

    async def kill(self, name: str) -> None:
        """Kill a worker with SIGKILL, and wait until it is gone."""
        worker = self._workers[name]
        worker.ending = True
        worker.process.kill()
        await worker.gone

    def pause(self, name: str) -> None:
        """Stop a worker in its tracks with SIGSTOP, network threads and all."""
        worker = self._workers[name]
        worker.process.send_signal(signal.SIGSTOP)
        worker.paused = True
        self._emit(WorkerPaused(worker=name))

    def resume(self, name: str) -> None:
        """Let a paused worker go on with SIGCONT."""
        worker = self._workers[name]
        if worker.process.returncode is None and worker.paused:
            worker.process.send_signal(signal.SIGCONT)
            worker.paused = False
            self._emit(WorkerResumed(worker=name))

    def drain(self, name: str) -> asyncio.Task[None]:
        """Ask a worker to stop with SIGTERM, and kill it when it does not heed that.

        Returns:
            What ends when it is gone.
        """
        return self._in_background(self._drain(self._workers[name]))

    async def _end(self, worker: _Worker) -> None:
        self.resume(worker.name)
        await self._drain(worker)

    async def _drain(self, worker: _Worker) -> None:
        worker.ending = True
        await end(worker.process, grace=self._crew.options.grace + KILLED_AFTER)
        await worker.gone

    async def _wait(self, worker: _Worker) -> None:
        code = await worker.process.wait()
        self._emit(WorkerGone(worker=worker.name, pid=worker.process.pid, code=code, asked=worker.ending))
        worker.gone.set_result(None)
        if worker.ready.done() and not worker.ending:
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
            words = _last_words(self._log.with_name(f"{self._log.stem}-{worker.name.partition('-')[2]}.log"))
            self._emit(RunBroken(what=f"{worker.name} ended by itself {how}. Its last words: {words}"))

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
        except Exception as error:  # noqa: BLE001 - asyncio would log it, and the run would go on without its fault
            self._emit(RunBroken(what=f"what was to happen at a point broke: {error}"))
        finally:
            writer.close()

    def _take(self, event: Event) -> None:
        self._emit(event)
        if isinstance(event, WorkerStarted) and not self._workers[event.worker].ready.done():
            self._workers[event.worker].ready.set_result(None)

    def _in_background(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(doing)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)
        return task


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-500:] if log.exists() else "(none)"


def _read_point(data: dict[str, Any]) -> Point:
    return Point(**{**data, "phase": Phase(data["phase"])})
