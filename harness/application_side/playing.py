"""Replays histories in this process, one after the other on one replayer, and returns what the code did."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowReplayResult, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import NondeterminismError

from harness.application_side.loading import Loaded
from harness.application_side.payloads import decoded
from harness.application_side.recorder import Recording, RecordingRunner, SiteRunner
from harness.application_side.stuck import YIELDS_WITHIN, Stuck, StuckWatch
from harness.library_internals.payload_contexts import without_contexts

BUILD_ID = "under-test"
"""Given to workers and replayers, since the SDK would otherwise hash every loaded module at the first of them."""


class Facts(NamedTuple):
    """What a judgement needs to know of the code.

    Attributes:
        names: Its workflow types.
        dynamic: Whether one of them takes every type.
        models: Whether there are pydantic models beside a workflow.
        default_converter: Whether its data converter is the SDK's.
        codec: Whether its data converter has a codec.
    """

    names: Sequence[str]
    dynamic: bool
    models: bool
    default_converter: bool
    codec: bool


class ReplayFailure(NamedTuple):
    """What the replayer found wrong.

    Attributes:
        text: The SDK's words.
        non_deterministic: Whether the code issued other commands, and not only failed.
    """

    text: str
    non_deterministic: bool


class Played(NamedTuple):
    """One replay of one history.

    Attributes:
        failure: What the replayer found wrong, None for nothing.
        recording: What the code did.
        stuck: What the SDK reported of a workflow that does not yield, "" for nothing.
    """

    failure: ReplayFailure | None
    recording: Recording
    stuck: str = ""


class Playing:
    """One replayer, kept for many histories: building one validates every workflow, which costs more than a replay.

    Use `playing`.

    Attributes:
        stuck: Whether a workflow is stuck in this process, so that no other history can be replayed in it.
        facts: What a judgement needs to know of the code.
    """

    def __init__(self, code: Loaded) -> None:
        self._converter = code.data_converter
        self.facts = Facts(
            names=sorted(code.names),
            dynamic=code.dynamic,
            models=any(map(_has_models, code.workflows)),
            default_converter=code.data_converter is DataConverter.default,
            codec=code.data_converter.payload_codec is not None,
        )
        self._watch = StuckWatch()
        self.stuck = False
        self._place = ("", "")
        default = SandboxRestrictions.default.with_passthrough_modules(*code.passthrough)
        self._runners: list[RecordingRunner] = []

        def recording(runner: WorkflowRunner) -> RecordingRunner:
            self._runners.append(
                RecordingRunner(without_contexts(runner, code.data_converter), place=lambda: self._place)
            )
            return self._runners[-1]

        def wrapped(runner: WorkflowRunner) -> WorkflowRunner:
            return recording(_with_sites(runner))

        plain = recording(SiteRunner())
        if code.plugins:
            # They look for the SDK's own runner, and may change what its sandbox restricts.
            first = code.runner or SandboxedWorkflowRunner(restrictions=default)
        elif code.runner is not None:
            first = wrapped(code.runner)
        else:
            # Of a runner that is made already, an older SDK does not say what it restricts.
            restrictions = default.with_passthrough_modules("harness")
            first = recording(SandboxedWorkflowRunner(restrictions=restrictions, runner_class=SiteRunner))
        self._next: asyncio.Queue[WorkflowHistory] = asyncio.Queue()
        self._results: AsyncIterator[WorkflowReplayResult] | None = None
        further: dict[str, Any] = {}
        if code.plugins:
            from harness.application_side.last_plugin import LastPlugin  # noqa: PLC0415 - older SDKs have no plugins

            further = {"plugins": [*code.plugins, LastPlugin(wrapped)]}
        self.replayer = Replayer(
            workflows=code.workflows,
            workflow_runner=first if code.sandboxed else plain,
            unsandboxed_workflow_runner=plain,
            data_converter=code.data_converter,
            interceptors=code.interceptors,
            workflow_failure_exception_types=code.failure_types,
            build_id=BUILD_ID,
            **further,
        )

    async def feed(self) -> AsyncIterator[WorkflowHistory]:
        """Yield what `play` is given."""
        while True:
            yield await self._next.get()

    def use(self, results: AsyncIterator[WorkflowReplayResult]) -> None:
        """Take the results from there."""
        self._results = results

    async def decoded(self, events: Sequence[HistoryEvent]) -> Sequence[HistoryEvent]:
        """Return the events with their payloads decoded by the code's codec, which may raise anything."""
        return await decoded(events, self._converter)

    async def play(self, history: WorkflowHistory, *, namespace: str = "") -> Played:
        """Replay a history.

        Raises:
            Stuck: The workflow does not yield, or cannot be evicted.
        """
        assert self._results is not None  # noqa: S101 - `playing` has set it
        recording = Recording()
        for runner in self._runners:
            runner.recording = recording
        start = history.events[0].workflow_execution_started_event_attributes
        self._place = (start.task_queue.name, namespace)
        self._watch.reset()
        self._next.put_nowait(history)
        result = asyncio.ensure_future(_next(self._results))
        reported = asyncio.ensure_future(self._watch.wait())
        try:
            await asyncio.wait([result, reported], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([result], timeout=YIELDS_WITHIN)
        finally:
            reported.cancel()
        if not result.done():
            self.stuck = True
            raise Stuck(self._watch.words)
        failure = result.result().replay_failure
        if failure is None:
            return Played(failure=None, recording=recording, stuck=self._watch.words)
        return Played(
            failure=ReplayFailure(text=str(failure), non_deterministic=isinstance(failure, NondeterminismError)),
            recording=recording,
            stuck=self._watch.words,
        )

    def close(self) -> None:
        """Stop watching for workflows that are stuck."""
        self._watch.close()


@asynccontextmanager
async def playing(code: Loaded) -> AsyncIterator[Playing]:
    """Have a replayer for as long as the context lasts.

    Raises:
        RuntimeError: A workflow does not pass the sandbox's validation.
    """
    player = Playing(code)
    async with player.replayer.workflow_replay_iterator(player.feed()) as results:
        player.use(results)
        try:
            yield player
        finally:
            player.close()


async def _next(results: AsyncIterator[WorkflowReplayResult]) -> WorkflowReplayResult:
    return await results.__anext__()


def _with_sites(runner: WorkflowRunner) -> WorkflowRunner:
    """Return the same runner, with lines noted where it is one of the SDK's."""
    if isinstance(runner, SandboxedWorkflowRunner) and runner.runner_class is UnsandboxedWorkflowRunner:
        restrictions = runner.restrictions.with_passthrough_modules("harness")
        return replace(runner, restrictions=restrictions, runner_class=SiteRunner)
    return SiteRunner() if type(runner) is UnsandboxedWorkflowRunner else runner


def _has_models(workflow: type) -> bool:
    """Whether there are pydantic models beside a workflow."""
    module = sys.modules[workflow.__module__]
    return any(isinstance(one, type) and hasattr(one, "__pydantic_core_schema__") for one in vars(module).values())
