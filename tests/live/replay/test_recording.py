"""`harness record` from a real server."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory

from harness.environment.open import Environment
from harness.replay.histories.corpus import Corpus, entry_of
from harness.replay.histories.files import RecordedHistory, read_file
from harness.replay.histories.folder import find
from harness.replay.histories.scrub import Scrub
from harness.replay.record import Recorder, RecordOptions
from tests.live.commands import harness
from tests.unit.reports.schemas import valid

ROOT = Path(__file__).parents[3]
VISIBLE_WITHIN = 30


async def recorded_all(environment: Environment, folder: Path, options: RecordOptions, count: int) -> Recorder:
    """Record until so many are there: a server lists a workflow a moment after it has ended."""
    async with asyncio.timeout(VISIBLE_WITHIN):
        while True:
            recorder = Recorder(Corpus(folder), options, revision="abc")
            await recorder.from_server(environment.temporal.client)
            if recorder.written + recorder.there + recorder.alike >= count:
                return recorder


async def test_a_recorded_corpus_replays(
    harness_environment: Environment, recorded: dict[str, WorkflowHistory], tmp_path: Path
) -> None:
    """Found by task queue, each run in a file of its own; repeated, only what is new is fetched."""
    queue = recorded["Fan"].events[0].workflow_execution_started_event_attributes.task_queue.name
    options = RecordOptions(task_queue=queue, query="WorkflowType IN ('Fan', 'Again', 'Timers')", at_once=3)
    folder = tmp_path / "corpus"
    first = await recorded_all(harness_environment, folder, options, 5)
    second = await recorded_all(harness_environment, folder, options, 5)
    ended = await harness("replay", folder, "--workflows", "tests.live.apps.every_command", "--strict", cwd=ROOT)

    assert (first.problems, second.written, second.there) == ([], 0, 5)
    assert len(list(folder.glob("*.json.gz"))) == 5
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))["histories"]
    assert {one["workflow"] for one in index.values()} == {"Fan", "Again", "Timers"}
    assert {(one["open"], one["namespace"], one["revision"]) for one in index.values()} == {(False, "default", "abc")}
    assert ended.code == 0, ended.out


async def test_like_histories_are_left_out_and_fields_scrubbed(
    harness_environment: Environment, recorded: dict[str, WorkflowHistory], tmp_path: Path
) -> None:
    """Two lives of the same kind are one; a scrubbed corpus still replays, without drift."""
    ids = tuple(recorded[name].workflow_id for name in ("Again", "Sequence"))
    options = RecordOptions(ids=ids, unlike=True, scrub=Scrub.read(["field=item"]), rules=("field=item",), at_once=1)
    folder = tmp_path / "corpus"
    recorder = await recorded_all(harness_environment, folder, options, 4)
    ended = await harness("replay", folder, "--workflows", "tests.live.apps.every_command", "--strict", cwd=ROOT)

    assert (recorder.written, recorder.alike) == (3, 1)
    assert ended.code == 0, ended.out


async def test_the_command_records(
    harness_environment: Environment, recorded: dict[str, WorkflowHistory], tmp_path: Path
) -> None:
    """And asks which, rather than fetch a whole server."""
    options = ("--temporal", harness_environment.temporal.address)
    workflow_id = recorded["Fan"].workflow_id
    some = await harness("record", tmp_path / "some", "--id", workflow_id, *options, cwd=ROOT)
    every = await harness("record", tmp_path / "every", *options, cwd=ROOT)
    nobody = await harness("record", tmp_path / "nobody", "--id", "x", "--temporal", "127.0.0.1:1", cwd=ROOT)
    nothing = await harness("record", tmp_path / "nothing", "--id", "nobody-has-this", *options, cwd=ROOT)

    told = await harness("record", tmp_path / "some", "--id", workflow_id, "--json", *options, cwd=ROOT)
    counts = valid("record", json.loads(told.out))

    assert (some.code, some.out.split(",")[0]) == (0, "1 recorded")
    assert (told.code, counts["recorded"], counts["already_there"], counts["histories"]) == (0, 0, 1, 1)
    assert (every.code, nobody.code, nothing.code) == (2, 3, 4)
    assert "pass --query, --id, --task-queue or --limit" in every.err


@pytest.mark.parametrize(("rule", "strict"), [("identity", True), ("field=traveller", True), ("all", False)])
async def test_a_scrubbed_corpus_replays(rule: str, *, strict: bool, tmp_path: Path) -> None:
    """The commands are the same; only where code decides by a value that is gone, what they hold may differ."""
    corpus, scrub = Corpus(tmp_path / "corpus"), Scrub.read([rule])
    assert scrub is not None
    for file in find([ROOT / "scenarios" / "saga" / "histories"]):
        for one in read_file(file.path, file.known):
            assert isinstance(one, RecordedHistory)
            scrub.apply(one.events)
            entry = entry_of(
                one.events, workflow_id=one.known.workflow_id, run_id=one.known.run_id, namespace="", revision=""
            )
            corpus.add(one.events, entry)
    corpus.save()
    how = ["--data-converter", "temporalio.contrib.pydantic:pydantic_data_converter"]
    options = [*how, "--strict"] if strict else how
    ended = await harness("replay", tmp_path / "corpus", "--workflows", "scenarios.saga.workflow", *options, cwd=ROOT)

    assert len(corpus.entries) >= 8
    assert ended.code == 0, ended.out
