"""The shapes in which histories are published, and content that is none of them."""

from __future__ import annotations

import copy
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from temporalio.api.export.v1 import WorkflowExecution, WorkflowExecutions
from temporalio.api.history.v1 import History
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryResponse

from harness.replay.histories.files import Known, RecordedHistory, read_file
from harness.replay.histories.folder import find
from harness.replay.histories.shapes import Unreadable
from harness.replay.verdicts.judgement import NotJudged
from tests.unit.replay.made_histories import activity, event, history

MESSAGE = History(events=history(activity(), tail=[event("WORKFLOW_EXECUTION_TERMINATED")]))
OTHER = History(events=history(activity(kind="refund"), tail=[event("WORKFLOW_EXECUTION_TERMINATED")]))
WHOLE: dict[str, Any] = MessageToDict(MESSAGE)
SECOND: dict[str, Any] = MessageToDict(OTHER)


def lines(*values: Any) -> bytes:
    """One JSON value a line."""
    return b"\n".join(json.dumps(one).encode() for one in values)


def read(tmp_path: Path, content: bytes, name: str = "h.json") -> list[RecordedHistory | Unreadable]:
    """What is in a file with this content."""
    (tmp_path / name).write_bytes(content)
    return list(read_file(tmp_path / name, Known()))


ONE: dict[str, Callable[[], bytes]] = {
    "as the SDK writes it": lambda: json.dumps(WHOLE).encode(),
    "indented, with a byte order mark": lambda: b"\xef\xbb\xbf" + json.dumps(WHOLE, indent=2).encode(),
    "the server's response": lambda: json.dumps({"history": WHOLE, "nextPageToken": ""}).encode(),
    "a response around a list": lambda: json.dumps({"history": WHOLE["events"]}).encode(),
    "a list of events": lambda: json.dumps(WHOLE["events"]).encode(),
    "a list of one history": lambda: json.dumps([WHOLE]).encode(),
    "a line for each event": lambda: lines(*WHOLE["events"]),
    "a batch export": lambda: json.dumps({"items": [{"history": WHOLE}]}).encode(),
    "a message": MESSAGE.SerializeToString,
    "a response message": GetWorkflowExecutionHistoryResponse(history=MESSAGE).SerializeToString,
    "a batch export message": WorkflowExecutions(items=[WorkflowExecution(history=MESSAGE)]).SerializeToString,
}

SEVERAL: dict[str, Callable[[], bytes]] = {
    "a list": lambda: json.dumps([WHOLE, {"history": SECOND}]).encode(),
    "lines": lambda: lines(WHOLE, SECOND) + b"\n\n",
    "lines of responses": lambda: lines({"history": WHOLE}, {"history": SECOND}),
    "a batch export": lambda: json.dumps({"items": [{"history": WHOLE}, {"history": SECOND}]}).encode(),
    "a batch export message": WorkflowExecutions(
        items=[WorkflowExecution(history=MESSAGE), WorkflowExecution(history=OTHER)]
    ).SerializeToString,
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("shape", ONE)
def test_a_history_is_read_from_every_shape(tmp_path: Path, shape: str, packed: bool) -> None:  # noqa: FBT001 - a parameter
    """The same events from each."""
    content = ONE[shape]()
    [found] = read(tmp_path, gzip.compress(content) if packed else content)

    assert isinstance(found, RecordedHistory)
    assert list(found.events) == list(MESSAGE.events)


@pytest.mark.parametrize("shape", SEVERAL)
def test_several_histories_are_read_from_one_file(tmp_path: Path, shape: str) -> None:
    """In their order."""
    first, second = read(tmp_path, SEVERAL[shape]())

    assert isinstance(first, RecordedHistory)
    assert isinstance(second, RecordedHistory)
    assert [list(one.events) for one in (first, second)] == [list(MESSAGE.events), list(OTHER.events)]


def test_the_ids_beside_a_history_are_kept(tmp_path: Path) -> None:
    """A response does not have them in its events where an old server wrote these."""
    [found] = read(tmp_path, json.dumps({"workflowId": "mine", "runId": "r", "history": WHOLE}).encode())

    assert isinstance(found, RecordedHistory)
    assert (found.known.workflow_id, found.known.run_id) == ("mine", "r")


def test_a_damaged_line_does_not_affect_the_others(tmp_path: Path) -> None:
    """It alone cannot be judged."""
    first, damaged, last = read(tmp_path, lines(WHOLE) + b"\n" + lines(SECOND)[:300] + b"\n" + lines(SECOND))

    assert isinstance(first, RecordedHistory)
    assert isinstance(damaged, Unreadable)
    assert "line 2 of h.json is not JSON" in str(damaged)
    assert isinstance(last, RecordedHistory)


def changed(edit: Callable[[list[dict[str, Any]]], object]) -> Callable[[], bytes]:
    """The history with one edit of its events."""

    def made() -> bytes:
        data = copy.deepcopy(WHOLE)
        edit(data["events"])
        return json.dumps(data).encode()

    return made


SCHEDULED = "activityTaskScheduledEventAttributes"


@pytest.mark.parametrize(
    ("made", "reason", "words"),
    [
        pytest.param(lambda: b"[" * 50_000, NotJudged.UNREADABLE, "nested too deeply", id="brackets"),
        pytest.param(
            lambda: b'{"events":' + b"[" * 9000 + b"]" * 9000 + b"}", NotJudged.UNREADABLE, "h.json", id="nested events"
        ),
        pytest.param(lambda: b"[]", NotJudged.EMPTY, "its list is empty", id="an empty list"),
        pytest.param(lambda: b'{"items": []}', NotJudged.UNREADABLE, "no list of events", id="an empty export"),
        pytest.param(lambda: b"\x0a\x05hello", NotJudged.UNREADABLE, "nor a history in protobuf", id="another message"),
        pytest.param(
            changed(lambda events: events.__setitem__(5, {"eventId": "6", "eventType": 999, "workerMayIgnore": True})),
            NotJudged.UNKNOWN_EVENT,
            "event 6 (type 999). A newer server wrote it",
            id="a newer server's number",
        ),
        pytest.param(
            changed(
                lambda events: events.__setitem__(
                    5, {"eventId": "6", "eventType": "EVENT_TYPE_TELEPORTED", "teleportedEventAttributes": {"to": "x"}}
                )
            ),
            NotJudged.UNKNOWN_EVENT,
            "A newer server wrote it",
            id="a newer server's name",
        ),
        pytest.param(
            changed(lambda events: events[5].update(eventType="Teleported")),
            NotJudged.UNKNOWN_EVENT,
            "A newer server wrote it",
            id="a newer server's name for known attributes",
        ),
        pytest.param(
            changed(lambda events: events[4][SCHEDULED].update(input={"payloads": [5]})),
            NotJudged.UNREADABLE,
            "were decoded when it was downloaded",
            id="a decoded value",
        ),
        pytest.param(
            changed(lambda events: events[4][SCHEDULED].update(input={"payloads": [{"cents": 5}]})),
            NotJudged.UNREADABLE,
            "were decoded when it was downloaded",
            id="a decoded object",
        ),
        pytest.param(
            changed(lambda events: events[4][SCHEDULED].update(input=[5])),
            NotJudged.UNREADABLE,
            "were decoded when it was downloaded",
            id="decoded payloads",
        ),
        pytest.param(
            changed(
                lambda events: events[4][SCHEDULED].update(
                    input={"payloads": [{"metadata": {"encoding": "json/plain"}, "data": "5"}]}
                )
            ),
            NotJudged.UNREADABLE,
            "were decoded when it was downloaded",
            id="decoded metadata",
        ),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, made: Callable[[], bytes], reason: NotJudged, words: str) -> None:
    """And what to do, where something can be done."""
    [found] = read(tmp_path, made())

    assert isinstance(found, Unreadable)
    assert words in str(found)
    assert found.reason is reason


def test_a_run_without_a_completed_task_has_not_begun(tmp_path: Path) -> None:
    """Whether its first task fails, or nobody has taken it; it is no damaged file."""
    [stuck] = read_file_with(tmp_path, WHOLE["events"][:3], is_open=True)

    assert isinstance(stuck, RecordedHistory)
    assert not stuck.begun


def read_file_with(tmp_path: Path, events: list[Any], *, is_open: bool) -> list[RecordedHistory | Unreadable]:
    """These events in a file whose run is known to be open."""
    (tmp_path / "h.json").write_text(json.dumps({"events": events}), encoding="utf-8")
    return list(read_file(tmp_path / "h.json", Known(open=is_open)))


def test_a_folder_has_all_shapes(tmp_path: Path) -> None:
    """By their endings; protobuf definitions have the same ending as an export, and are text."""
    for name in ("a.json", "b.json.gz", "c.jsonl", "d.ndjson.gz", "e.pb", "f.txt", "index.json"):
        (tmp_path / name).write_bytes(b"{}")
    (tmp_path / "export.proto").write_bytes(MESSAGE.SerializeToString())
    (tmp_path / "definition.proto").write_text('\nsyntax = "proto3";\n', encoding="utf-8")

    found = sorted(one.path.name for one in find([tmp_path]))
    assert found == ["a.json", "b.json.gz", "c.jsonl", "d.ndjson.gz", "e.pb", "export.proto"]
