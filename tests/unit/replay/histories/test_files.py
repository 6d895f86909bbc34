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
from harness.replay.histories.files import Known, RecordedHistory, read_file
from harness.replay.histories.shapes import Unreadable
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


def read(path: Path, known: Known = Known()) -> RecordedHistory:  # noqa: B008 - a value
    """The one history in a file."""
    [one] = read_file(path, known)
    assert isinstance(one, RecordedHistory)
    return one


def refused(path: Path, known: Known = Known()) -> Unreadable:  # noqa: B008 - a value
    """Why the one history in a file cannot be replayed."""
    [one] = read_file(path, known)
    assert isinstance(one, Unreadable)
    return one


def test_a_history_is_read(tmp_path: Path) -> None:
    """With what it says of itself."""
    found = read(put(tmp_path, WHOLE))

    assert (found.workflow, found.known.workflow_id, found.known.run_id) == ("Shop", "shop-1", "run-1")
    assert (len(found.events), found.closed, found.begun) == (6, True, True)


def test_compression_is_told_by_the_content(tmp_path: Path) -> None:
    """Whatever the name says."""
    packed = put(tmp_path, gzip.compress(json.dumps(WHOLE).encode()), "packed.json")
    plain = put(tmp_path, WHOLE, "plain.json.gz")

    assert read(packed).digest == read(plain).digest


def test_what_the_index_says_goes_first(tmp_path: Path) -> None:
    """It knows the ids."""
    found = read(put(tmp_path, WHOLE), Known(workflow_id="mine", run_id="r"))

    assert (found.known.workflow_id, found.history.workflow_id, found.known.run_id) == ("mine", "mine", "r")


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
        (lambda: {"events": []}, NotJudged.EMPTY, "a history without events"),
        (lambda: b"hello", NotJudged.UNREADABLE, "is neither JSON nor"),
        (lambda: json.dumps(WHOLE).encode()[:200], NotJudged.UNREADABLE, "or it is damaged"),
        (lambda: gzip.compress(json.dumps(WHOLE).encode())[:90], NotJudged.UNREADABLE, "cannot be read"),
        (lambda: [1], NotJudged.UNREADABLE, "but no history"),
        (lambda: {"events": "x"}, NotJudged.UNREADABLE, "no list of events"),
        (lambda: {"events": [{"eventId": "x"}]}, NotJudged.UNREADABLE, "is no history"),
        (queueless, NotJudged.UNREADABLE, "on which task queue"),
        (without(3), NotJudged.GAP, "has event 4 where event 3 belongs"),
        (without(1), NotJudged.GAP, "has event 2 where event 1 belongs"),
        (without(6), NotJudged.CUT, "pass --open"),
        (lambda: {"events": WHOLE["events"][:1]}, NotJudged.CUT, "no close event"),
    ],
)
def test_what_is_no_whole_history_is_told_apart(
    tmp_path: Path, made: Callable[[], Any], reason: NotJudged, words: str
) -> None:
    """Each with its reason, and none is replayed."""
    error = refused(put(tmp_path, made()))

    assert words in str(error)
    assert error.reason is reason


def test_an_open_history_is_one_that_somebody_calls_open(tmp_path: Path) -> None:
    """Its index, or an option; fewer events than the index says are cut short all the same."""
    path = put(tmp_path, without(6)())

    assert not read(path, Known(open=True)).closed
    assert "has 5 events; its index says 6" in str(refused(path, Known(open=True, events=6)))


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small it was when compressed."""
    monkeypatch.setattr(files, "LARGEST", 1000)

    assert refused(put(tmp_path, gzip.compress(b"0" * 10_000))).reason is NotJudged.TOO_LARGE
