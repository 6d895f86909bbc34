"""Records histories into a corpus: from a server, several at a time, or from run folders."""

from __future__ import annotations

import asyncio
import glob
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.envconfig import ClientConfig
from temporalio.service import RPCError

from harness.application_side.payloads import decoded
from harness.errors import EnvironmentUnavailable, HarnessError, UsageError
from harness.files.path_part import path_part
from harness.redaction.active import active
from harness.replay.histories.corpus import Corpus, entry_of, fingerprint, revision_here
from harness.replay.histories.folder import RUN_INDEX
from harness.replay.histories.scrub import Scrub

SAVED_EVERY = 50
"""After how many histories the index is written, so that an interruption loses little."""

Run = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class RecordOptions:
    """Which histories are recorded, and in which form.

    Attributes:
        query: In Temporal's list filter; "" for none.
        ids: Workflow ids, each with all its runs.
        task_queue: Only workflows of this task queue; "" for any.
        limit: The largest number of histories; None for no limit.
        at_once: How many are fetched at a time.
        unlike: Whether to skip a history with the same shape as one already recorded.
        scrub: What is scrubbed, and how secrets are replaced; None for nothing at all.
        rules: What is scrubbed, as on the command line.
        converter: Decodes payloads before they are written.
        codec: The name of its codec, "" to write payloads as they are.
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
        corpus: The corpus.
        options: Which histories, in which form.
        revision: The revision of the code, for the index.
        progress: Called once for each history.

    Attributes:
        written: How many histories were written.
        there: How many the corpus had already.
        alike: How many were skipped for their shape.
        problems: What could not be recorded, and why.
        kept: What was recorded although a secret may be in it.
    """

    def __init__(
        self, corpus: Corpus, options: RecordOptions, *, revision: str, progress: Callable[[], None] = lambda: None
    ) -> None:
        self._corpus = corpus
        self._options = options
        self._revision = revision
        self._progress = progress
        self.written = self.there = self.alike = 0
        self.problems: list[str] = []
        self.kept: list[str] = []

    async def from_server(self, client: Client) -> None:
        """Fetch what the corpus does not have yet; a history that cannot be recorded is one of the `problems`.

        Raises:
            UsageError: The server does not understand the query.
        """
        waiting: asyncio.Queue[Run | None] = asyncio.Queue(maxsize=self._options.at_once)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._list(client, waiting))
                for _ in range(self._options.at_once):
                    group.create_task(self._fetch(client, waiting))
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            self._corpus.save()

    async def _list(self, client: Client, waiting: asyncio.Queue[Run | None]) -> None:
        try:
            async for found in client.list_workflows(self._options.filter, limit=self._options.limit):
                await waiting.put((found.id, str(found.run_id)))
        except RPCError as error:
            raise UsageError(
                f"the server does not accept the query {self._options.filter!r}: {error.message}."
            ) from error
        for _ in range(self._options.at_once):
            await waiting.put(None)

    async def _fetch(self, client: Client, waiting: asyncio.Queue[Run | None]) -> None:
        while (run := await waiting.get()) is not None:
            if self._corpus.has(*run):
                self.there += 1
            else:
                try:
                    history = await client.get_workflow_handle(run[0], run_id=run[1]).fetch_history()
                    await self._keep(history, run, namespace=client.namespace)
                except Exception as error:  # noqa: BLE001 - one odd history, or its codec, must not cost the others
                    self.problems.append(f"{run[0]} {run[1]}: {_words(error)}")
            self._progress()

    async def from_runs(self, folder: Path) -> None:
        """Take the histories of all run folders under a folder.

        Raises:
            UsageError: There is no history.
        """
        for run, file in _of_runs(folder):
            if self._corpus.has(*run):
                self.there += 1
            elif self._options.limit is None or self.written < self._options.limit:
                try:
                    history = WorkflowHistory.from_json(run[0], file.read_text(encoding="utf-8"))
                    await self._keep(history, run, namespace="")
                except Exception as error:  # noqa: BLE001 - as above
                    self.problems.append(f"{run[0]} {run[1]}: {_words(error)}")
        if not self.written + self.there + self.alike and not self.problems:
            raise UsageError(f"there is no run folder with a history under {folder}.")
        self._corpus.save()

    async def _keep(self, history: WorkflowHistory, run: Run, *, namespace: str) -> None:
        options = self._options
        if options.unlike and self._corpus.has_shape(fingerprint(history.events)):
            self.alike += 1
            return
        events = await decoded(history.events, options.converter)
        rules = options.rules
        if options.scrub is not None:
            events, redactor = [_copy(event) for event in events], options.scrub.redactor()
            self.kept += [f"{run[0]} {run[1]}: {one}" for one in options.scrub.apply(events, redactor)]
            if redactor.changed:
                self._corpus.key = options.scrub.tokens.key_id
                rules = rules or ("redact",)
        entry = entry_of(
            events,
            workflow_id=run[0],
            run_id=run[1],
            namespace=namespace,
            revision=self._revision,
            decoded_by=options.codec,
            scrubbed=rules,
        )
        self._corpus.add(events, entry)
        self.written += 1
        if self.written % SAVED_EVERY == 0:
            self._corpus.save()


async def connect(address: str | None, *, namespace: str | None, profile: str | None) -> Client:
    """Return a client of the server that the user names, by default of Temporal's environment configuration.

    Raises:
        EnvironmentUnavailable: No server answers there.
    """
    try:
        config = ClientConfig.load_client_connect_config(profile=profile)
        if address:
            config["target_host"] = address
        if namespace:
            config["namespace"] = namespace
        config.setdefault("target_host", "localhost:7233")
        return await Client.connect(**config)
    except (RuntimeError, ValueError) as error:
        raise EnvironmentUnavailable(f"no Temporal server can be reached: {error}.") from error


def record_anew(folder: Path, runs: Sequence[Path]) -> int:
    """Replace all histories of a corpus by those of these runs, one of each shape.

    Returns:
        How many there are.
    """
    for old in folder.glob("*.json*"):
        old.unlink()
    corpus = Corpus(folder)
    options = RecordOptions(unlike=True, scrub=Scrub(rules=active().rules), rules=("identity",))
    recorder = Recorder(corpus, options, revision=revision_here())
    for run in runs:
        asyncio.run(recorder.from_runs(run))
    return len(corpus.entries)


def _words(error: Exception) -> str:
    text = str(error) if isinstance(error, HarnessError | RPCError) else repr(error)
    return " ".join(text.split())[:500]


def _copy(event: HistoryEvent) -> HistoryEvent:
    copy = HistoryEvent()
    copy.CopyFrom(event)
    return copy


def _of_runs(folder: Path) -> Iterator[tuple[Run, Path]]:
    for index in sorted(folder.rglob(RUN_INDEX)):
        for one in json.loads(index.read_text(encoding="utf-8"))["histories"]:
            for file in index.parent.glob(f"histories/*/{glob.escape(path_part(str(one['run_id'])))}.json"):
                yield (one["workflow_id"], one["run_id"]), file
