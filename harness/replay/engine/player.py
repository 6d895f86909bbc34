"""Has histories replayed, one after the other, and judges each."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from itertools import islice
from typing import Protocol

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from harness.application_side.loading import Loaded
from harness.application_side.payloads import READABLE, payloads_in
from harness.application_side.playing import Facts, Played, playing
from harness.application_side.recorder import Recording
from harness.application_side.stuck import Stuck
from harness.library_internals.stuck_workflow_log import is_deadlock
from harness.replay.engine.compare import Comparison
from harness.replay.engine.remedy import remedy
from harness.replay.engine.sdk_words import sentence
from harness.replay.events.outline import event_type
from harness.replay.histories.files import Known, RecordedHistory, examine
from harness.replay.histories.notes import notes_on
from harness.replay.histories.shapes import Unreadable
from harness.replay.verdicts.judgement import BreakAge, Judgement, NotJudged, ReplayOutcome

MOST_DRIFTS = 100
"""How many differences of one history are reported."""


class Plays(Protocol):
    """What replays: a `Playing` in this process, or one in the application's interpreter."""

    @property
    def facts(self) -> Facts:
        """What a judgement needs to know of the code."""

    @property
    def stuck(self) -> bool:
        """Whether a workflow is stuck in its process, so that no other history can be replayed in it."""

    async def decoded(self, events: Sequence[HistoryEvent]) -> Sequence[HistoryEvent]:
        """Return the events with their payloads decoded by the code's codec, which may raise anything."""

    async def play(self, history: WorkflowHistory, *, namespace: str = "") -> Played:
        """Replay a history.

        Raises:
            Stuck: The workflow does not yield, or cannot be evicted.
            Unreadable: The SDK there cannot replay it.
        """


class Player:
    """Judges histories, one after the other.

    Args:
        plays: Replays them.
        break_age: Whether to find out, for a history that does not replay, which open runs break.
        same_code: Whether this code made the histories, so that the advice must not be about changes.
    """

    def __init__(self, plays: Plays, *, break_age: bool, same_code: bool) -> None:
        self._plays = plays
        self._break_age_too = break_age
        self._same_code = same_code
        self._default = plays.facts.default_converter
        self._hint = PYDANTIC if self._default and plays.facts.models else ""

    @property
    def stuck(self) -> bool:
        """Whether no other history can be replayed."""
        return self._plays.stuck

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
        elif read.workflow not in self._plays.facts.names and not self._plays.facts.dynamic:
            names = ", ".join(self._plays.facts.names)
            judgement = _unjudged(
                judgement,
                NotJudged.UNREGISTERED,
                f"{read.workflow!r} is not among the workflows given with --workflows: {names}.",
            )
        else:
            try:
                events = await self._plays.decoded(read.events)
            except Exception as error:  # noqa: BLE001 - a codec may raise anything
                judgement = _unjudged(judgement, NotJudged.CODEC, f"the payload codec failed: {error!r}.")
            else:
                try:
                    played = await self._plays.play(read.history, namespace=read.known.namespace)
                    recording = played.recording
                    judgement = await self._judged(judgement, read, events, played)
                except Stuck as stuck:
                    judgement = _unjudged(judgement, NotJudged.DOES_NOT_YIELD, str(stuck))
                except Unreadable as unreadable:
                    judgement = _unjudged(judgement, unreadable.reason, str(unreadable))
        took = time.perf_counter() - begun
        return replace(judgement, seconds=took, patches=recording.patches), recording

    async def _judged(
        self,
        judgement: Judgement,
        read: RecordedHistory,
        events: Sequence[HistoryEvent],
        played: Played,
    ) -> Judgement:
        failure, recording, _ = played
        comparison = Comparison(events, recording.issued, namespace=read.known.namespace)
        if failure is None:
            divergence = comparison.unpaired()
            if divergence is None:
                drifts = tuple(islice(comparison.drifts(), MOST_DRIFTS))
                hints = (self._hint if drifts else "", "" if judgement.notes else comparison.foreign_id())
                return replace(judgement, drifts=drifts, notes=(*judgement.notes, *filter(None, hints)))
        elif failure.non_deterministic:
            divergence = comparison.divergence(failure.text)
        else:
            return _unjudged(judgement, *self._why(failure.text, recording, played.stuck, events))
        at = 0 if divergence is None else divergence.event
        return replace(
            judgement,
            outcome=ReplayOutcome.NON_DETERMINISTIC,
            message=NOT_COMPARED if failure is None else sentence(failure.text),
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
        played = await self._plays.play(beginning, namespace=read.known.namespace)
        return played.failure is not None

    def _why(
        self, failure: str, recording: Recording, stuck: str, events: Sequence[HistoryEvent]
    ) -> tuple[NotJudged, str]:
        """Return why code that fails in a replay cannot be judged."""
        text = recording.failed or failure
        if is_deadlock(failure) or stuck:
            return NotJudged.DOES_NOT_YIELD, stuck or sentence(text)
        last = [line for line in recording.trace.splitlines() if line.lstrip().startswith("File ")]
        words = f"{sentence(text)}{f' ({last[-1].strip()})' if last else ''}"
        if "RestrictedWorkflowAccess" in failure or "from inside a workflow" in text:
            return NotJudged.SANDBOX, words
        strange = {
            one.metadata.get("encoding", b"").decode(errors="replace") for event in events for one in payloads_in(event)
        } - READABLE
        if strange and _CONVERSION.search(failure):
            names = ", ".join(sorted(strange))
            return NotJudged.CODEC, f"its payloads are encoded as {names}; name their codec with --codec."
        if self._default and _CONVERSION.search(f"{failure} {recording.trace}"):
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
    async with playing(code) as plays:
        yield Player(plays, break_age=break_age, same_code=same_code)


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


def _unjudged(judgement: Judgement, reason: NotJudged, message: str) -> Judgement:
    return replace(judgement, outcome=ReplayOutcome.CANNOT_BE_JUDGED, reason=reason, message=message)
