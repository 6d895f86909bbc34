"""Replays histories in this process, one after the other on one replayer, and judges each."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowReplayResult, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import NondeterminismError

from harness.library_internals.payload_contexts import without_contexts
from harness.replay.engine.code import Loaded
from harness.replay.engine.command_recorder import Recording, RecordingRunner, SiteRunner
from harness.replay.engine.compare import Comparison
from harness.replay.engine.remedy import remedy
from harness.replay.events.outline import event_type, started
from harness.replay.events.values import payloads_in
from harness.replay.histories.files import Read
from harness.replay.verdicts.judgement import BreakAge, Judgement, NotJudged, ReplayOutcome
from harness.workers.build import BUILD_ID

MOST_DRIFTS = 100
"""How many differences of one history are told."""


class Player:
    """One replayer, kept for many histories: to build one validates every workflow, and costs more than to replay.

    Use `open_player`.
    """

    def __init__(self, code: Loaded) -> None:
        self._code = code
        self._place = ("", "")
        runner = code.runner or SandboxedWorkflowRunner(
            restrictions=SandboxRestrictions.default.with_passthrough_modules(*code.passthrough)
        )
        sandboxed = RecordingRunner(
            without_contexts(_with_sites(runner), code.data_converter), place=lambda: self._place
        )
        plain = RecordingRunner(without_contexts(SiteRunner(), code.data_converter), place=lambda: self._place)
        self._runners = (sandboxed, plain)
        self._next: asyncio.Queue[WorkflowHistory] = asyncio.Queue()
        self._results: AsyncIterator[WorkflowReplayResult] | None = None
        self.replayer = Replayer(
            workflows=code.workflows,
            workflow_runner=sandboxed if code.sandboxed else plain,
            unsandboxed_workflow_runner=plain,
            data_converter=code.data_converter,
            interceptors=code.interceptors,
            workflow_failure_exception_types=code.failure_types,
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
        """Replay a history; return what the replayer found wrong, and what the code did."""
        assert self._results is not None  # noqa: S101 - `open_player` has set it
        recording = Recording()
        for runner in self._runners:
            runner.recording = recording
        self._place = (started(list(history.events)).task_queue.name, namespace)
        self._next.put_nowait(history)
        result = await anext(self._results)
        return result.replay_failure, recording

    async def judge(self, read: Read, *, file: str = "", break_age: bool = True) -> tuple[Judgement, Recording]:
        """Replay a history and say what became of it, in full.

        Args:
            read: The history.
            file: Where it came from.
            break_age: Whether to find out, for a history that does not replay, from which age on open runs break.
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
        )
        recording = Recording()
        if read.workflow not in self._code.names and not self._code.dynamic:
            names = ", ".join(sorted(self._code.names))
            judgement = _unjudged(
                judgement, NotJudged.UNREGISTERED, f"no workflow {read.workflow!r} is registered; there are: {names}."
            )
        else:
            try:
                events = await decoded(read.events, self._code.data_converter)
            except Exception as error:  # noqa: BLE001 - whatever a codec raises
                judgement = _unjudged(judgement, NotJudged.CODEC, f"the payload codec fails: {error!r}.")
            else:
                failure, recording = await self.play(read.history, namespace=read.known.namespace)
                judgement = await self._judged(judgement, read, events, failure, recording, break_age=break_age)
        took = time.perf_counter() - begun
        return replace(judgement, seconds=took, patches=recording.patches), recording

    async def _judged(
        self,
        judgement: Judgement,
        read: Read,
        events: Sequence[HistoryEvent],
        failure: Exception | None,
        recording: Recording,
        *,
        break_age: bool,
    ) -> Judgement:
        comparison = Comparison(events, recording.issued, namespace=read.known.namespace)
        if failure is None:
            drifts = tuple(one for one, _ in zip(comparison.drifts(), range(MOST_DRIFTS), strict=False))
            return replace(judgement, drifts=drifts)
        if not isinstance(failure, NondeterminismError):
            return _unjudged(judgement, *_why(failure, recording, events))
        divergence = comparison.divergence(str(failure))
        at = 0 if divergence is None else divergence.event
        return replace(
            judgement,
            outcome=ReplayOutcome.NON_DETERMINISTIC,
            message=_words(str(failure)),
            event=at,
            recorded="" if divergence is None else divergence.recorded,
            issued="" if divergence is None else divergence.issued,
            site="" if divergence is None else divergence.site,
            remedy=remedy(divergence, patches=recording.patches),
            excerpt=tuple(comparison.excerpt(at)) if at else (),
            break_age=await self._break_age(read) if break_age else None,
        )

    async def _break_age(self, read: Read) -> BreakAge:
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

    async def _breaks(self, read: Read, length: int) -> bool:
        beginning = WorkflowHistory(workflow_id=read.history.workflow_id, events=read.events[:length])
        failure, _ = await self.play(beginning, namespace=read.known.namespace)
        return failure is not None


@asynccontextmanager
async def open_player(code: Loaded) -> AsyncIterator[Player]:
    """Have a player inside the context.

    Raises:
        RuntimeError: A workflow does not pass the sandbox's validation.
    """
    player = Player(code)
    async with player.replayer.workflow_replay_iterator(player.feed()) as results:
        player.use(results)
        yield player


async def decoded(events: Sequence[HistoryEvent], converter: DataConverter) -> Sequence[HistoryEvent]:
    """Return the events with their payloads decoded, as workflow code sees them."""
    if converter.payload_codec is None:
        return events
    copies = []
    for event in events:
        copy = HistoryEvent()
        copy.CopyFrom(event)
        # Markers of the SDK's own carry payloads that no codec has seen.
        for payload in payloads_in(copy) if not copy.HasField("marker_recorded_event_attributes") else ():
            [plain] = await converter.payload_codec.decode([payload])
            payload.CopyFrom(plain)
        copies.append(copy)
    return copies


def _with_sites(runner: WorkflowRunner) -> WorkflowRunner:
    """Return the same runner, with lines noted where it is one of the SDK's."""
    if isinstance(runner, SandboxedWorkflowRunner) and runner.runner_class is UnsandboxedWorkflowRunner:
        restrictions = runner.restrictions.with_passthrough_modules("harness")
        return replace(runner, restrictions=restrictions, runner_class=SiteRunner)
    return SiteRunner() if type(runner) is UnsandboxedWorkflowRunner else runner


def _why(failure: Exception, recording: Recording, events: Sequence[HistoryEvent]) -> tuple[NotJudged, str]:
    text = recording.failed or str(failure)
    last = [line for line in recording.trace.splitlines() if line.lstrip().startswith("File ")]
    told = f"{_words(text)}{f' ({last[-1].strip()})' if last else ''}"
    if "sandbox" in text or "RestrictedWorkflowAccess" in str(failure):
        return NotJudged.SANDBOX, told
    strange = {
        one.metadata.get("encoding", b"").decode(errors="replace") for event in events for one in payloads_in(event)
    } - _ENCODINGS
    if strange and ("Unknown payload encoding" in str(failure) or "Failed decoding" in str(failure)):
        names = ", ".join(sorted(strange))
        return (
            NotJudged.CODEC,
            f"its payloads are encoded as {names}; name their codec with --codec.",
        )
    return NotJudged.CODE, told


_ENCODINGS = frozenset({"binary/null", "binary/plain", "binary/protobuf", "json/plain", "json/protobuf", ""})
"""What the SDK's own converter reads; "" is how its core writes what is for itself."""


def _words(text: str) -> str:
    return " ".join(text.split())[:2000]


def _unjudged(judgement: Judgement, reason: NotJudged, message: str) -> Judgement:
    return replace(judgement, outcome=ReplayOutcome.CANNOT_BE_JUDGED, reason=reason, message=message)
