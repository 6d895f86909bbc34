"""Histories in files, and files that are none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from harness.replay.histories import files
from harness.replay.histories.files import Known, Unreadable, read_file
from harness.replay.verdicts.judgement import NotJudged
from tests.unit.replay.made_histories import activity, event, history

WHOLE: dict[str, Any] = {
    "events": [MessageToDict(one) for one in history(activity(), tail=[event("WORKFLOW_EXECUTION_TERMINATED")])]
}


def put(tmp_path: Path, content: bytes | Any, name: str = "h.json") -> Path:
    """A file with these bytes, or with this as JSON."""
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_history_is_read(tmp_path: Path) -> None:
    """With what it says of itself."""
    read = read_file(put(tmp_path, WHOLE), Known())

    assert (read.workflow, read.known.workflow_id, read.known.run_id) == ("Shop", "shop-1", "run-1")
    assert (len(read.events), read.closed) == (6, True)


def test_compression_is_told_by_the_content(tmp_path: Path) -> None:
    """Whatever the name says."""
    packed = put(tmp_path, gzip.compress(json.dumps(WHOLE).encode()), "packed.json")
    plain = put(tmp_path, WHOLE, "plain.json.gz")

    assert read_file(packed, Known()).digest == read_file(plain, Known()).digest


def test_what_the_index_says_goes_first(tmp_path: Path) -> None:
    """It knows the ids."""
    read = read_file(put(tmp_path, WHOLE), Known(workflow_id="mine", run_id="r"))

    assert (read.known.workflow_id, read.history.workflow_id, read.known.run_id) == ("mine", "mine", "r")


def queueless() -> Any:
    """The history, begun on no task queue."""
    started = {**WHOLE["events"][0]["workflowExecutionStartedEventAttributes"], "taskQueue": {}}
    first = {**WHOLE["events"][0], "workflowExecutionStartedEventAttributes": started}
    return {"events": [first, *WHOLE["events"][1:]]}


def without(number: int) -> Callable[[], Any]:
    """The history without an event."""
    return lambda: {"events": [one for one in WHOLE["events"] if one["eventId"] != str(number)]}


@pytest.mark.parametrize(
    ("made", "reason", "words"),
    [
        (lambda: b"", NotJudged.EMPTY, "is an empty file"),
        (lambda: {"events": []}, NotJudged.EMPTY, "has no events"),
        (lambda: b"hello", NotJudged.UNREADABLE, "is not JSON"),
        (lambda: json.dumps(WHOLE).encode()[:200], NotJudged.UNREADABLE, "or not all of it"),
        (lambda: gzip.compress(json.dumps(WHOLE).encode())[:90], NotJudged.UNREADABLE, "cannot be read"),
        (lambda: [1, 2], NotJudged.UNREADABLE, "no history"),
        (lambda: {"events": "x"}, NotJudged.UNREADABLE, "no list of events"),
        (lambda: {"events": [{"eventId": "x"}]}, NotJudged.UNREADABLE, "is no history"),
        (queueless, NotJudged.UNREADABLE, "on which task queue"),
        (without(3), NotJudged.GAP, "has event 4 where event 3 belongs"),
        (without(1), NotJudged.GAP, "has event 2 where event 1 belongs"),
        (without(6), NotJudged.CUT, "say --open"),
        (lambda: {"events": WHOLE["events"][:1]}, NotJudged.NOT_BEGUN, "no completed workflow task"),
    ],
)
def test_what_is_no_whole_history_is_told_apart(
    tmp_path: Path, made: Callable[[], Any], reason: NotJudged, words: str
) -> None:
    """Each with its reason, and none is replayed."""
    with pytest.raises(Unreadable, match=words) as told:
        read_file(put(tmp_path, made()), Known())

    assert told.value.reason is reason


def test_an_open_history_is_one_that_somebody_calls_open(tmp_path: Path) -> None:
    """Its index, or an option; fewer events than the index says are cut short all the same."""
    path = put(tmp_path, without(6)())

    assert not read_file(path, Known(open=True)).closed
    with pytest.raises(Unreadable, match="has 5 events; its index says 6"):
        read_file(path, Known(open=True, events=6))


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small it was when compressed."""
    monkeypatch.setattr(files, "LARGEST", 1000)

    with pytest.raises(Unreadable) as told:
        read_file(put(tmp_path, gzip.compress(b"0" * 10_000)), Known())
    assert told.value.reason is NotJudged.TOO_LARGE
