"""Fetches histories into a corpus, several at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.service import RPCError

from harness.errors import UsageError
from harness.replay.engine.player import decoded
from harness.replay.histories.corpus import Corpus, entry_of, fingerprint, revision_here
from harness.replay.histories.folder import RUN_INDEX
from harness.replay.histories.scrub import Scrub

SAVED_EVERY = 50
"""After how many histories the index is written, so that an interruption loses little."""

Run = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which histories are wanted, and in which form.

    Attributes:
        query: In Temporal's list filter; "" for none.
        ids: Workflow ids, each with all its runs.
        task_queue: Only from this one; "" for any.
        limit: How many at most; None for all.
        at_once: How many are fetched at a time.
        unlike: Whether a history that went the same way as another is left out.
        scrub: What is taken out.
        rules: The same, in the words of the command line.
        converter: Decodes payloads before they are written.
        codec: Its name, "" to leave them as they are.
    """

    query: str = ""
    ids: tuple[str, ...] = ()
    task_queue: str = ""
    limit: int | None = None
    at_once: int = 10
    unlike: bool = False
    scrub: Scrub | None = None
    rules: tuple[str, ...] = ()
    converter: DataConverter = DataConverter.default
    codec: str = ""

    @property
    def filter(self) -> str:
        """All of it as one list filter."""
        parts = [f"({self.query})"] if self.query else []
        if self.task_queue:
            parts.append(f"TaskQueue = {json.dumps(self.task_queue)}")
        if self.ids:
            parts.append(f"WorkflowId IN ({', '.join(map(json.dumps, self.ids))})")
        return " AND ".join(parts)


class Recorder:
    """Puts histories into a corpus.

    Args:
        corpus: Which.
        wanted: Which histories, in which form.
        revision: Of the code, for the index.
        told: Is called for each history that is dealt with.

    Attributes:
        written: How many were written.
        there: How many were there already.
        alike: How many went the same way as another.
        problems: What could not be recorded, and why.
    """

    def __init__(
        self, corpus: Corpus, wanted: Wanted, *, revision: str, told: Callable[[], None] = lambda: None
    ) -> None:
        self._corpus = corpus
        self._wanted = wanted
        self._revision = revision
        self._told = told
        self.written = self.there = self.alike = 0
        self.problems: list[str] = []

    async def from_server(self, client: Client) -> None:
        """Fetch what is wanted and not there yet. What cannot be fetched does not keep the others from being.

        Raises:
            UsageError: The server does not understand the query.
        """
        waiting: asyncio.Queue[Run | None] = asyncio.Queue(maxsize=self._wanted.at_once)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._list(client, waiting))
                for _ in range(self._wanted.at_once):
                    group.create_task(self._fetch(client, waiting))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            self._corpus.save()

    async def _list(self, client: Client, waiting: asyncio.Queue[Run | None]) -> None:
        try:
            async for found in client.list_workflows(self._wanted.filter, limit=self._wanted.limit):
                await waiting.put((found.id, str(found.run_id)))
        except RPCError as error:
            raise UsageError(f"the server does not list {self._wanted.filter!r}: {error.message}.") from error
        for _ in range(self._wanted.at_once):
            await waiting.put(None)

    async def _fetch(self, client: Client, waiting: asyncio.Queue[Run | None]) -> None:
        while (run := await waiting.get()) is not None:
            if self._corpus.has(*run):
                self.there += 1
            else:
                try:
                    history = await client.get_workflow_handle(run[0], run_id=run[1]).fetch_history()
                    await self._keep(history, run, namespace=client.namespace)
                except (RPCError, RuntimeError) as error:
                    self.problems.append(f"{run[0]} {run[1]}: {error}")
            self._told()

    async def from_runs(self, folder: Path) -> None:
        """Take the histories of run folders, wherever they stand under a folder.

        Raises:
            UsageError: There is none.
        """
        for run, file in _of_runs(folder):
            if self._corpus.has(*run):
                self.there += 1
            elif self._wanted.limit is None or self.written < self._wanted.limit:
                history = WorkflowHistory.from_json(run[0], file.read_text(encoding="utf-8"))
                await self._keep(history, run, namespace="")
        if not self.written + self.there + self.alike:
            raise UsageError(f"there is no run folder with a history under {folder}.")
        self._corpus.save()

    async def _keep(self, history: WorkflowHistory, run: Run, *, namespace: str) -> None:
        wanted = self._wanted
        if wanted.unlike and self._corpus.has_shape(fingerprint(history.events)):
            self.alike += 1
            return
        events = await decoded(history.events, wanted.converter)
        if wanted.scrub is not None:
            events = [_copy(event) for event in events]
            wanted.scrub.apply(events)
        entry = entry_of(
            events,
            workflow_id=run[0],
            run_id=run[1],
            namespace=namespace,
            revision=self._revision,
            decoded_by=wanted.codec,
            scrubbed=wanted.rules,
        )
        self._corpus.add(events, entry)
        self.written += 1
        if self.written % SAVED_EVERY == 0:
            self._corpus.save()


def record_anew(folder: Path, runs: Sequence[Path]) -> int:
    """Put one history of each way that these runs took into a corpus, in place of all that was there.

    Returns:
        How many there are.
    """
    for old in folder.glob("*.json*"):
        old.unlink()
    corpus = Corpus(folder)
    wanted = Wanted(unlike=True, scrub=Scrub(), rules=("identity",))
    recorder = Recorder(corpus, wanted, revision=revision_here())
    for run in runs:
        asyncio.run(recorder.from_runs(run))
    return len(corpus.entries)


def _copy(event: HistoryEvent) -> HistoryEvent:
    copy = HistoryEvent()
    copy.CopyFrom(event)
    return copy


def _of_runs(folder: Path) -> Iterator[tuple[Run, Path]]:
    for index in sorted(folder.rglob(RUN_INDEX)):
        for one in json.loads(index.read_text(encoding="utf-8"))["histories"]:
            for file in index.parent.glob(f"histories/*/{one['run_id']}.json"):
                yield (one["workflow_id"], one["run_id"]), file
