"""Workers as child processes, which can be killed, paused, drained and replaced like pods."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from temporalio.client import Client

from harness.errors import EnvironmentUnavailable
from harness.events import (
    Event,
    RunBroken,
    WorkerGone,
    WorkerPaused,
    WorkerResumed,
    WorkerStarted,
)
from harness.evidence.event_json import from_json
from harness.files.log_tail import log_tail
from harness.files.socket_folder import socket_folder
from harness.processes.guard import Child, ProcessGuard, end
from harness.temporal.pollers import Pollers, newcomer, pollers_of
from harness.workers.application import Application
from harness.workers.channel import WatchedPhases, watched_file
from harness.workers.custom import CustomWorker, WorkerCommand, WorkerModule
from harness.workers.custom_command import start_in_own_group
from harness.workers.custom_environment import arguments_and_environment
from harness.workers.failpoints import Failpoint, Failpoints, Phase, now_at
from harness.workers.fork_server import ForkServer
from harness.workers.interpreter import Interpreter
from harness.workers.other_queues import in_group, names_in
from harness.workers.plugin import Seat
from harness.workers.process_main import Orders
from harness.workers.spec import STICKY, WorkerProcesses

LOOK_AGAIN = timedelta(milliseconds=50)
"""How often the server is asked whether a worker without `WorkerPlugin` polls."""

KILLED_AFTER = timedelta(seconds=2)
"""How long after its grace a worker that was asked to stop is killed, as an orchestrator does."""

Version = Application | CustomWorker
"""What a worker process runs: an application, of which the harness builds a worker, or a custom worker."""


@dataclass(frozen=True, kw_only=True)
class WorkerPool:
    """What all workers of a run have in common.

    Attributes:
        client: Of the server, for what workers do not report themselves; it does not use the link.
        temporal: HOST:PORT that workers connect to.
        environment_config: Whether their connection also uses Temporal's environment configuration.
        task_queue: What they poll.
        base_urls: Where the services are, by name.
        by_host: Those of them that stand in for hosts.
        environment: Further environment variables, by which workers reach those.
        application: What they run, unless a fault deploys another.
        processes: What the scenario declares about them.
        timeouts_at_most: Upper bound for the application's start-to-close and heartbeat timeouts; None for no bound.
        interpreter: The application's own; None for this one.
    """

    client: Client
    temporal: str
    environment_config: bool
    task_queue: str
    base_urls: Mapping[str, str]
    application: Application
    processes: WorkerProcesses
    by_host: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    timeouts_at_most: timedelta | None = None
    interpreter: Interpreter | None = None


_TAKE_QUEUE: Mapping[type, str] = {
    WorkerModule: "build its worker with the argument `task_queue`.",
    WorkerCommand: "have it read its task queue from TEMPORAL_TASK_QUEUE or {task_queue}.",
}


class _Process(Child, Protocol):
    @property
    def pid(self) -> int: ...

    def send_signal(self, number: signal.Signals) -> None: ...


@dataclass(eq=False)
class _Worker:
    name: str
    process: _Process
    log: Path
    ready: asyncio.Future[None]
    gone: asyncio.Future[None] = field(repr=False, default_factory=lambda: asyncio.get_running_loop().create_future())
    paused: bool = False
    ending: bool = False
    identity: str = ""
    polls: set[str] = field(default_factory=set)
    """The task queues that it polls besides the run's, as far as it reports them."""


class Workers:
    """The worker processes of one run.

    An error in one of them that no fault caused is recorded as `RunBroken`.

    Args:
        worker_pool: What they have in common.
        fork_server: Forks the Python workers.
        guard: Guards those that a command starts.
        log: Receives their output.
        emit: Receives their events.
        failpoints: Receives the failpoints that they reach.
    """

    def __init__(
        self,
        worker_pool: WorkerPool,
        *,
        fork_server: ForkServer,
        guard: ProcessGuard,
        log: Path,
        emit: Callable[[Event], None],
        failpoints: Failpoints,
    ) -> None:
        self._pool = worker_pool
        self._fork_server = fork_server
        self._guard = guard
        self._log = log
        self._emit = emit
        self._failpoints = failpoints
        self._workers: dict[str, _Worker] = {}
        self._waiting: set[asyncio.Task[None]] = set()
        self._started = 0
        self._socket = ""
        self._no_more = False

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Receive what the workers report inside the context; leaving it drains them all."""
        with socket_folder() as folder:
            self._socket = os.path.join(folder, "runner")  # noqa: PTH118 - a socket's path is text
            watched = WatchedPhases.make(watched_file(self._socket))
            server = await asyncio.start_unix_server(self._listen, self._socket, limit=2**24)
            try:
                with self._failpoints.published(watched.write):
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
        """The worker at the failpoint that is being handled, None if it is gone; elsewhere, the oldest that lives.

        Raises:
            EnvironmentUnavailable: No worker lives.
        """
        point = now_at()
        if point is not None:
            return point.worker if point.worker in self.running else None
        if not self.running:
            raise EnvironmentUnavailable("no worker process is left to inject the fault into.")
        return self.running[0]

    def start_soon(self) -> asyncio.Task[None]:
        """Start one more worker in the background; the run breaks if that fails.

        Returns:
            A task that ends when the worker polls.
        """
        return self._in_background(self._start_or_break())

    async def _start_or_break(self) -> None:
        try:
            await self.start()
        except EnvironmentUnavailable as error:
            self._emit(RunBroken(what=str(error)))

    def no_more(self) -> None:
        """Start no more workers: the workflow has ended, and they would have nothing to do."""
        self._no_more = True

    async def start(self, version: Version | None = None) -> str | None:
        """Start one more worker, of another version of the application if one is given, and wait until it polls.

        Returns:
            Its name; None after `no_more`.

        Raises:
            EnvironmentUnavailable: It exited during startup, or did not poll in time; the message quotes its log.
        """
        if self._no_more:
            return None
        self._started += 1
        name = f"worker-{self._started}"
        log = self._log.with_name(f"{self._log.stem}-{self._started}{self._log.suffix}")
        runs = version or self._pool.processes.own or self._pool.application
        silent = isinstance(runs, WorkerCommand) and not runs.tells
        before = await pollers_of(self._pool.client, self._pool.task_queue) if silent else {}
        process = await self._begin(runs, name=name, log=log)
        worker = _Worker(name, process, log, asyncio.get_running_loop().create_future())
        self._workers[name] = worker
        self._in_background(self._wait(worker))
        looking = self._in_background(self._look(worker, before)) if silent else None
        within = self._pool.processes.up_within.total_seconds()
        await asyncio.wait([worker.ready, worker.gone], timeout=within, return_when="FIRST_COMPLETED")
        if looking is not None:
            looking.cancel()
        if not worker.ready.done():
            gone = worker.gone.done()
            if silent and not gone:
                worker.polls |= await self._other_queues(worker)
            await self._end(worker)
            what = "exited during startup" if gone else f"did not poll its task queue within {within:g} s"
            hint = "" if gone else await self._hint(worker, runs)
            raise EnvironmentUnavailable(f"{name} {what}.{hint} {log_tail(log)}")
        return name

    async def _begin(self, runs: Version, *, name: str, log: Path) -> _Process:
        worker_pool = self._pool
        if isinstance(runs, WorkerCommand):
            sticky = STICKY.total_seconds()
            seat = Seat(
                name=name,
                socket=self._socket,
                task_queue=worker_pool.task_queue,
                sticky=sticky,
                base_urls=worker_pool.base_urls,
            )
            argv, env = arguments_and_environment(
                runs,
                seat,
                temporal=worker_pool.temporal,
                namespace=worker_pool.client.namespace,
                environment_config=worker_pool.environment_config,
                further=worker_pool.environment,
                interpreter=worker_pool.interpreter,
            )
            return await start_in_own_group(self._guard, argv, env=env, log=log)
        orders = Orders(
            name=name,
            socket=self._socket,
            temporal=worker_pool.temporal,
            namespace=worker_pool.client.namespace,
            environment_config=worker_pool.environment_config,
            task_queue=worker_pool.task_queue,
            base_urls=dict(worker_pool.base_urls),
            by_host=list(worker_pool.by_host),
            environment=dict(worker_pool.environment),
            application=runs if isinstance(runs, Application) else worker_pool.application,
            own=runs if isinstance(runs, WorkerModule) else None,
            options=replace(worker_pool.processes.options, timeouts_at_most=worker_pool.timeouts_at_most),
            path=sys.path,
        )
        return await self._fork_server.fork(orders.to_text(), log=log)

    async def _look(self, worker: _Worker, before: Pollers) -> None:
        while True:
            others = {one.identity for one in self._workers.values() if one.process.returncode is None}
            seen = await pollers_of(self._pool.client, self._pool.task_queue)
            who = newcomer(seen, before=before, others=others, pid=worker.process.pid)
            if who is not None:
                worker.identity = who
                self._take(WorkerStarted(worker=worker.name, pid=worker.process.pid))
                return
            await asyncio.sleep(LOOK_AGAIN.total_seconds())

    async def _hint(self, worker: _Worker, runs: Version) -> str:
        """Say what a custom worker may do wrong that did not poll."""
        queue = self._pool.task_queue
        if isinstance(runs, Application):
            return ""
        seen = ", ".join(await pollers_of(self._pool.client, queue))
        if worker.polls:
            others = ", ".join(map(repr, sorted(worker.polls)))
            return f" It polls {others}, not {queue!r}; {_TAKE_QUEUE[type(runs)]}"
        if not seen:
            return f" Nothing polls the task queue {queue!r}; {_TAKE_QUEUE[type(runs)]}"
        if isinstance(runs, WorkerCommand) and not runs.tells:
            return f" Pollers of the task queue {queue!r}: {seen}. Each worker needs an identity of its own."
        client = "the client that it receives" if isinstance(runs, WorkerModule) else "a client that has WorkerPlugin"
        return f" Pollers of the task queue {queue!r}: {seen}. Build the worker with {client}."

    async def _other_queues(self, worker: _Worker) -> set[str]:
        """Return the task queues that a worker polls, of those that the user's files name."""
        client, names = self._pool.client, await asyncio.to_thread(names_in, Path.cwd())
        pollers = {name: await pollers_of(client, name) for name in names}
        return {name for name, seen in pollers.items() if any(in_group(who, worker.process.pid) for who in seen)}

    async def kill(self, name: str) -> None:
        """Kill a worker with SIGKILL, and wait until it is gone."""
        worker = self._workers[name]
        worker.ending = True
        worker.process.kill()
        await worker.gone

    def pause(self, name: str) -> None:
        """Stop a worker with SIGSTOP, its network threads included."""
        worker = self._workers[name]
        worker.process.send_signal(signal.SIGSTOP)
        worker.paused = True
        self._emit(WorkerPaused(worker=name))

    def resume(self, name: str) -> None:
        """Continue a paused worker with SIGCONT."""
        worker = self._workers[name]
        if worker.process.returncode is None and worker.paused:
            worker.process.send_signal(signal.SIGCONT)
            worker.paused = False
            self._emit(WorkerResumed(worker=name))

    def drain(self, name: str) -> asyncio.Task[None]:
        """Ask a worker to stop with SIGTERM, and kill it if it does not stop in time.

        Returns:
            A task that ends when it is gone.
        """
        return self._in_background(self._drain(self._workers[name]))

    async def _end(self, worker: _Worker) -> None:
        self.resume(worker.name)
        await self._drain(worker)

    async def _drain(self, worker: _Worker) -> None:
        worker.ending = True
        await end(worker.process, grace=self._pool.processes.grace + KILLED_AFTER)
        await worker.gone

    async def _wait(self, worker: _Worker) -> None:
        code = await worker.process.wait()
        self._emit(WorkerGone(worker=worker.name, pid=worker.process.pid, code=code, asked=worker.ending))
        worker.gone.set_result(None)
        if worker.ready.done() and not worker.ending:
            how = f"on signal {-code}" if code < 0 else f"with exit code {code}"
            self._emit(RunBroken(what=f"{worker.name} ended {how}, and no fault ended it. {log_tail(worker.log)}"))

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                message = json.loads(line)
                if "event" in message:
                    self._take(from_json(message["event"]))
                elif "polls" in message:
                    self._workers[message["worker"]].polls.add(message["polls"])
                else:
                    # In a task of its own: while one attempt waits at a failpoint, the worker's others go on.
                    self._in_background(self._stop(_read_point(message["point"]), message["number"], writer))
        except ConnectionError:
            pass  # the worker was killed while it sent something
        except Exception as error:  # noqa: BLE001 - asyncio would log it, and the run would go on without its events
            self._emit(RunBroken(what=f"what a worker process sent cannot be read: {error}"))
        finally:
            writer.close()

    async def _stop(self, point: Failpoint, number: int, writer: asyncio.StreamWriter) -> None:
        await self._failpoints.reached(point)
        writer.write(f"{number}\n".encode())

    def _take(self, event: Event) -> None:
        if isinstance(event, WorkerStarted):
            if self._workers[event.worker].ready.done():
                return  # one process of a custom worker may run several workers
            self._workers[event.worker].ready.set_result(None)
        self._emit(event)

    def _in_background(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(doing)
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)
        return task


def _read_point(data: dict[str, Any]) -> Failpoint:
    return Failpoint(**{**data, "phase": Phase(data["phase"])})
