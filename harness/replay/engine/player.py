"""Replays histories in this process, one after the other on one replayer, and judges each."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from itertools import islice

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowReplayResult, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import NondeterminismError

from harness.library_internals.payload_contexts import without_contexts
from harness.library_internals.stuck_workflow_log import is_deadlock
from harness.replay.engine.code import Loaded
from harness.replay.engine.command_recorder import Recording, RecordingRunner, SiteRunner
from harness.replay.engine.compare import Comparison
from harness.replay.engine.remedy import remedy
from harness.replay.engine.sdk_words import sentence
from harness.replay.engine.stuck import YIELDS_WITHIN, Stuck, StuckWatch
from harness.replay.events.outline import event_type, started
from harness.replay.histories.files import Known, RecordedHistory, examine
from harness.replay.histories.notes import notes_on
from harness.replay.histories.shapes import Unreadable
from harness.replay.verdicts.judgement import BreakAge, Judgement, NotJudged, ReplayOutcome
from harness.temporal.codec import READABLE, decoded, payloads_in
from harness.workers.build import BUILD_ID
from harness.workers.sdk_options import LastPlugin

MOST_DRIFTS = 100
"""How many differences of one history are reported."""


class Player:
    """One replayer, kept for many histories: building one validates every workflow, which costs more than a replay.

    Use `open_player`.

    Attributes:
        stuck: Whether a workflow is stuck in this process, so that no other history can be replayed in it.
    """

    def __init__(self, code: Loaded, *, break_age: bool, same_code: bool) -> None:
        self._code = code
        self._break_age_too = break_age
        self._same_code = same_code
        default = code.data_converter is DataConverter.default
        self._hint = PYDANTIC if default and any(map(_has_models, code.workflows)) else ""
        self._watch = StuckWatch()
        self.stuck = False
        self._place = ("", "")
        runner = code.runner or SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*code.passthrough)
        )
        self._runners: list[RecordingRunner] = []

        def recording(runner: WorkflowRunner) -> RecordingRunner:
            self._runners.append(
                RecordingRunner(without_contexts(runner, code.data_converter), place=lambda: self._place)
            )
            return self._runners[-1]

        def wrapped(runner: WorkflowRunner) -> WorkflowRunner:
            return recording(_with_sites(runner))

        plain = recording(SiteRunner())
        # Plugins look for the SDK's own runner, and may change what its sandbox restricts.
        first = runner if code.plugins else wrapped(runner)
        self._next: asyncio.Queue[WorkflowHistory] = asyncio.Queue()
        self._results: AsyncIterator[WorkflowReplayResult] | None = None
        self.replayer = Replayer(
            workflows=code.workflows,
            workflow_runner=first if code.sandboxed else plain,
            unsandboxed_workflow_runner=plain,
            data_converter=code.data_converter,
            interceptors=code.interceptors,
            workflow_failure_exception_types=code.failure_types,
            plugins=[*code.plugins, LastPlugin(wrapped)] if code.plugins else (),
            build_id=BUILD_ID,
        )

    async def feed(self) -> AsyncIterator[WorkflowHistory]:
        """Yield what `play` is given."""
        while True:
            yield await self._next.get()

    def use(self, results: AsyncIterator[WorkflowReplayResult]) -> None:
        """Take the results from there."""
        self._results = results

    async def play(self, history: WorkflowHistory, *, namespace: str = "") -> tuple[Exception | None, Recording]:
        """Replay a history; return what the replayer found wrong, and what the code did.

        Raises:
            Stuck: The workflow does not yield, or cannot be evicted.
        """
        assert self._results is not None  # noqa: S101 - `open_player` has set it
        recording = Recording()
        for runner in self._runners:
            runner.recording = recording
        self._place = (started(history.events).task_queue.name, namespace)
        self._watch.reset()
        self._next.put_nowait(history)
        result = asyncio.ensure_future(_next(self._results))
        reported = asyncio.create_task(self._watch.wait())
        try:
            await asyncio.wait([result, reported], return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait([result], timeout=YIELDS_WITHIN)
        finally:
            reported.cancel()
        if not result.done():
            self.stuck = True
            raise Stuck(self._watch.words)
        return result.result().replay_failure, recording

    def close(self) -> None:
        """Stop watching for workflows that are stuck."""
        self._watch.close()

    async def judge(self, read: RecordedHistory, *, file: str = "") -> tuple[Judgement, Recording]:
        """Replay a history and judge it.

        Args:
            read: The history.
            file: Where it came from.
        """
        begun = time.perf_counter()
        judgement = Judgement(
            file=file,
            workflow=read.workflow,
            workflow_id=read.known.workflow_id,
            run_id=read.known.run_id,
            events=len(read.events),
            closed=read.closed,
            digest=read.digest,
            notes=tuple(notes_on(read.events)),
        )
        recording = Recording()
        if not read.begun:
            judgement = replace(judgement, outcome=ReplayOutcome.NOT_BEGUN)
        elif read.workflow not in self._code.names and not self._code.dynamic:
            names = ", ".join(sorted(self._code.names))
            judgement = _unjudged(
                judgement,
                NotJudged.UNREGISTERED,
                f"{read.workflow!r} is not among the workflows given with --workflows: {names}.",
            )
        else:
            try:
                events = await decoded(read.events, self._code.data_converter)
            except Exception as error:  # noqa: BLE001 - a codec may raise anything
                judgement = _unjudged(judgement, NotJudged.CODEC, f"the payload codec failed: {error!r}.")
            else:
                try:
                    failure, recording = await self.play(read.history, namespace=read.known.namespace)
                    judgement = await self._judged(judgement, read, events, failure, recording)
                except Stuck as stuck:
                    judgement = _unjudged(judgement, NotJudged.DOES_NOT_YIELD, str(stuck))
        took = time.perf_counter() - begun
        return replace(judgement, seconds=took, patches=recording.patches), recording

    async def _judged(
        self,
        judgement: Judgement,
        read: RecordedHistory,
        events: Sequence[HistoryEvent],
        failure: Exception | None,
        recording: Recording,
    ) -> Judgement:
        comparison = Comparison(events, recording.issued, namespace=read.known.namespace)
        if failure is None:
            divergence = comparison.unpaired()
            if divergence is None:
                drifts = tuple(islice(comparison.drifts(), MOST_DRIFTS))
                hints = (self._hint if drifts else "", "" if judgement.notes else comparison.foreign_id())
                return replace(judgement, drifts=drifts, notes=(*judgement.notes, *filter(None, hints)))
        elif isinstance(failure, NondeterminismError):
            divergence = comparison.divergence(str(failure))
        else:
            return _unjudged(judgement, *self._why(failure, recording, events))
        at = 0 if divergence is None else divergence.event
        return replace(
            judgement,
            outcome=ReplayOutcome.NON_DETERMINISTIC,
            message=NOT_COMPARED if failure is None else sentence(str(failure)),
            event=at,
            recorded="" if divergence is None else divergence.recorded,
            issued="" if divergence is None else divergence.issued,
            site="" if divergence is None else divergence.site,
            remedy=remedy(divergence, patches=recording.patches, same_code=self._same_code),
            excerpt=tuple(comparison.excerpt(at)) if at else (),
            break_age=await self._break_age(read) if self._break_age_too and failure is not None else None,
        )

    async def _break_age(self, read: RecordedHistory) -> BreakAge:
        """Find the shortest beginning of a history that does not replay.

        Once a beginning breaks, each longer one does, so halving finds it. The last event of a closed history is left
        out: with it, a run is not open.
        """
        events = list(read.events)
        low = next(one.event_id for one in events if one.HasField("workflow_task_completed_event_attributes"))
        longest = len(events) - 1 if read.closed else len(events)
        if longest < low or not await self._breaks(read, longest):
            return BreakAge(event=0)
        high = longest
        while low < high:
            middle = (low + high) // 2
            if await self._breaks(read, middle):
                high = middle
            else:
                low = middle + 1
        return BreakAge(event=high, kind=event_type(events[high - 1]))

    async def _breaks(self, read: RecordedHistory, length: int) -> bool:
        beginning = WorkflowHistory(workflow_id=read.history.workflow_id, events=read.events[:length])
        failure, _ = await self.play(beginning, namespace=read.known.namespace)
        return failure is not None

    def _why(self, failure: Exception, recording: Recording, events: Sequence[HistoryEvent]) -> tuple[NotJudged, str]:
        """Return why code that fails in a replay cannot be judged."""
        text = recording.failed or str(failure)
        if is_deadlock(str(failure)) or self._watch.words:
            return NotJudged.DOES_NOT_YIELD, self._watch.words or sentence(text)
        last = [line for line in recording.trace.splitlines() if line.lstrip().startswith("File ")]
        words = f"{sentence(text)}{f' ({last[-1].strip()})' if last else ''}"
        if "RestrictedWorkflowAccess" in str(failure) or "from inside a workflow" in text:
            return NotJudged.SANDBOX, words
        strange = {
            one.metadata.get("encoding", b"").decode(errors="replace") for event in events for one in payloads_in(event)
        } - READABLE
        if strange and _CONVERSION.search(str(failure)):
            names = ", ".join(sorted(strange))
            return NotJudged.CODEC, f"its payloads are encoded as {names}; name their codec with --codec."
        if self._code.data_converter is DataConverter.default and _CONVERSION.search(f"{failure} {recording.trace}"):
            words += f" {self._hint or 'If the workers have a data converter, name it with --data-converter.'}"
        return NotJudged.CODE, words


NOT_COMPARED = (
    "the SDK replays this history without an error: it compares no types and ids where a history lacks the flags of "
    "the SDK's core, as those of older SDKs and of other languages do."
)

PYDANTIC = (
    "the workflow uses pydantic models. If its workers have the converter for them, pass --data-converter "
    "temporalio.contrib.pydantic:pydantic_data_converter."
)

_CONVERSION = re.compile(
    r"Unknown payload encoding|Failed decoding|[Ff]ailed converting|JSON serializable|pydantic|parse_obj"
)
"""Parts of errors that occur when values and types do not fit the data converter."""


@asynccontextmanager
async def open_player(code: Loaded, *, break_age: bool = False, same_code: bool = False) -> AsyncIterator[Player]:
    """Have a player for as long as the context lasts.

    Args:
        code: The code to replay against.
        break_age: Whether to find out, for a history that does not replay, which open runs break.
        same_code: Whether this code made the histories, so that the advice must not be about changes.

    Raises:
        RuntimeError: A workflow does not pass the sandbox's validation.
    """
    player = Player(code, break_age=break_age, same_code=same_code)
    async with player.replayer.workflow_replay_iterator(player.feed()) as results:
        player.use(results)
        try:
            yield player
        finally:
            player.close()


async def replay_here(
    histories: Sequence[WorkflowHistory], code: Loaded, *, namespace: str = ""
) -> Sequence[Judgement]:
    """Replay the histories of runs in this process, against the code that made them."""
    judged = []
    async with open_player(code, same_code=True) as player:
        for one in histories:
            known = Known(workflow_id=one.workflow_id, run_id=one.run_id, namespace=namespace, open=True)
            with suppress(Unreadable):
                judgement, _ = await player.judge(examine(one, known, name=one.workflow_id), file=one.workflow_id)
                judged.append(judgement)
    return judged


async def _next(results: AsyncIterator[WorkflowReplayResult]) -> WorkflowReplayResult:
    return await anext(results)


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


def _unjudged(judgement: Judgement, reason: NotJudged, message: str) -> Judgement:
    return replace(judgement, outcome=ReplayOutcome.CANNOT_BE_JUDGED, reason=reason, message=message)
