"""Notices the runs of this process's own workers, fetches their histories, and replays them as the worker would."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.plugin import SimplePlugin
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Worker,
    WorkerConfig,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from harness.application_side.loading import Loaded
from harness.application_side.playing import BUILD_ID
from harness.files.temporary_folder import temporary_folder
from harness.library_internals.worker_constructor import plugin_for_every_worker
from harness.processes.guard import ProcessGuard
from harness.replay.engine.code import loaded
from harness.replay.engine.player import replay_here
from harness.replay.engine.run_replays import Replays
from harness.replay.histories.files import closes
from harness.replay.verdicts.judgement import Judgement, NotJudged
from harness.workers.sdk_options import options_of

FETCH_WITHIN = timedelta(seconds=5)
"""How long a worker that has stopped may be held up until the histories of its runs are fetched."""

REPLAY_WITHIN = timedelta(seconds=60)
"""How long the runs of one test may take to be fetched and replayed."""

AT_ONCE = 10
"""How many histories are fetched at the same time."""

NOTE_RUN = "__harness_note_run"

Run = tuple[str, str]
"""A workflow id and a run id."""


class Runs:
    """What the workers of this process run, while `watching`."""

    def __init__(self) -> None:
        self._workers: list[_Watched] = []
        self._replayer: _Replayer | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Notice the runs of every worker that is made inside the context.

        Workers get one plugin more; nothing else about them is changed. Those of the harness are left alone, since it
        replays its own runs anyway.
        """

        def watch(options: Mapping[str, Any]) -> _Watched | None:
            if options.get("build_id") == BUILD_ID:
                return None
            watched = _Watched()
            self._workers.append(watched)
            return watched

        with plugin_for_every_worker(watch):
            yield

    def forget(self) -> None:
        """Leave aside what was run since the last time."""
        self._workers = [one for one in self._workers if not one.stopped]
        for one in self._workers:
            one.forget()

    def judge(self) -> tuple[Sequence[Judgement], Sequence[str]]:
        """Replay what was run since the last time; return the judgements, and what could not be done.

        Blocks. May be called from any thread, with or without an event loop.
        """
        judged: list[Judgement] = []
        problems: list[str] = []
        known = tuple(self._workers)
        self._workers = [one for one in known if not one.stopped]
        workers = [one for one in known if one.has_run]
        if not workers:
            return (), ()

        async def each(replays: Replays) -> None:
            async with asyncio.timeout(REPLAY_WITHIN.total_seconds()):
                for one in workers:
                    try:
                        await one.judge(replays, judged, problems)
                    except Exception as error:  # noqa: BLE001 - no error of a replay may be the outcome of the test
                        problems.append(f"a worker's runs could not be replayed: {_words(error)}")

        if self._replayer is None:
            self._replayer = _Replayer()
        try:
            self._replayer.run(each, within=REPLAY_WITHIN + FETCH_WITHIN)
        except TimeoutError:
            problems.append(f"runs were not replayed within {REPLAY_WITHIN.total_seconds():g} s.")
        return list(judged), list(problems)


class _Replayer:
    """A thread with an event loop of its own, which has the processes that replay."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._replays: Replays | None = None
        # One that may be left alone when a client never comes back.
        threading.Thread(target=self._loop.run_forever, name="harness-replay", daemon=True).start()

    def run(self, work: Callable[[Replays], Awaitable[None]], *, within: timedelta) -> None:
        """Have work done, and wait for it.

        Raises:
            TimeoutError: It takes too long.
        """

        async def run() -> None:
            if self._replays is None:
                guard = await self._stack.enter_async_context(ProcessGuard())
                folder = self._stack.enter_context(temporary_folder())
                self._replays = await self._stack.enter_async_context(Replays(guard, folder))
            await work(self._replays)

        asyncio.run_coroutine_threadsafe(run(), self._loop).result(within.total_seconds())

    def close(self) -> None:
        """End the processes and the thread."""
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._stack.aclose(), self._loop).result(FETCH_WITHIN.total_seconds())
        self._loop.call_soon_threadsafe(self._loop.stop)


class _Watched(SimplePlugin):
    """One worker, as its innermost plugin sees it: with everything that the others have made of it."""

    def __init__(self) -> None:
        super().__init__("harness.Runs")
        self.stopped = False
        self._config: WorkerConfig = {}
        self._noted: dict[Run, None] = {}
        self._fetched: dict[Run, WorkflowHistory] = {}
        self._judged: dict[Run, int] = {}
        self._problem = ""

    @property
    def has_run(self) -> bool:
        """Whether there is anything to judge."""
        return bool(self._noted or self._fetched or self._problem)

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Remember what the worker is built with, and add what notices its runs."""
        config = super().configure_worker(config)
        self._config = config.copy()
        config["interceptors"] = [*config.get("interceptors", ()), _Noticing(self._note)]
        return config

    async def run_worker(self, worker: Worker, next: Callable[[Worker], Awaitable[None]]) -> None:  # noqa: A002 - the SDK's
        """Fetch the histories when the worker has stopped: its server may be gone when the test has ended."""
        try:
            await super().run_worker(worker, next)
        finally:
            self.stopped = True
            await self._fetch()

    def _note(self, workflow_id: str, run_id: str) -> None:
        self._noted[workflow_id, run_id] = None

    async def _fetch(self) -> None:
        """Fetch what can be had; when this is cancelled, `judge` finds the rest where it is."""
        try:
            async with asyncio.timeout(FETCH_WITHIN.total_seconds()):
                await self._fetch_all()
        except Exception as error:  # noqa: BLE001 - the server may answer anything, or be gone
            self._problem = f"the history of a run could not be fetched, and was not replayed: {_words(error)}"
            if self.stopped:
                self._noted.clear()

    async def _fetch_all(self) -> None:
        client = self._config["client"]
        turns = asyncio.Semaphore(AT_ONCE)

        async def fetch(run: Run) -> None:
            async with turns:
                history = await client.get_workflow_handle(run[0], run_id=run[1]).fetch_history()
            self._fetched[run] = history
            if self.stopped or (history.events and closes(history.events[-1])):
                self._noted.pop(run, None)

        done = await asyncio.gather(*map(fetch, tuple(self._noted)), return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one

    def forget(self) -> None:
        """Leave aside what has been run."""
        self._noted.clear()
        self._fetched.clear()

    async def judge(self, replays: Replays, judged: list[Judgement], problems: list[str]) -> None:
        """Replay the runs that are over, and those that have gone on since the last time."""
        await self._fetch()
        if self._problem:
            problems.append(self._problem)
            self._problem = ""
        fetched, self._fetched = self._fetched, {}
        new = {run: one for run, one in fetched.items() if len(one.events) > self._judged.get(run, 0)}
        self._judged |= {run: len(history.events) for run, history in new.items()}
        code, namespace = _loaded(self._config), self._config["client"].namespace
        found = await replays.judge(list(new.values()), code, namespace=namespace)
        judged += [one for one in found if one.reason is not NotJudged.HARNESS]
        # Code that no other process can build, such as an interceptor with a lock in it, is replayed here.
        left = {(one.workflow_id, one.run_id) for one in found if one.reason is NotJudged.HARNESS}
        if left:
            judged += await replay_here([one for run, one in new.items() if run in left], code, namespace=namespace)


def _loaded(config: WorkerConfig) -> Loaded:
    return loaded(config.get("workflows", ()), options_of(config))


class _Noticing(Interceptor):
    def __init__(self, note: Callable[[str, str], None]) -> None:
        self._note = note

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002 - the SDK's
        # Workflow code cannot reach out of its sandbox, but may call what it is given.
        input.unsafe_extern_functions[NOTE_RUN] = self._note
        return _Inbound


class _Inbound(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's
        given: Mapping[str, Callable[..., Any]] = workflow.extern_functions()
        info = workflow.info()
        given[NOTE_RUN](info.workflow_id, info.run_id)
        return await super().execute_workflow(input)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
