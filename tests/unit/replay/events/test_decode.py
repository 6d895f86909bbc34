"""Every field that an event can have is read as the SDK reads it; what is written otherwise is left to the SDK."""

from __future__ import annotations

import gzip
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from packaging.version import Version
from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import WorkflowHistory

from harness.replay.events.decode import NotAsExpected, events_of
from harness.replay.histories.shapes import Events, histories_in

DEEP = 4
"""So often a message is filled within messages: a failure's cause has a cause."""

ATTRIBUTES = [one.name for one in HistoryEvent.DESCRIPTOR.oneofs_by_name["attributes"].fields]
CORPORA = sorted(Path(__file__).parents[4].glob("scenarios/*/histories/**/*.json.gz"))


def fill(message: Message, depth: int = 0) -> None:
    """Give every field a value; of the alternatives of a oneof, the last one stays."""
    for field in message.DESCRIPTOR.fields:
        if field.message_type is None:
            value = scalar(field)
            if field.is_repeated:
                getattr(message, field.name).extend([value, value])
            else:
                setattr(message, field.name, value)
        elif depth < DEEP:
            fill_inner(message, field, depth)


def fill_inner(message: Message, field: Any, depth: int) -> None:
    """Give a field that is a message, several or a map of them, its values."""
    inner = getattr(message, field.name)
    if field.message_type.GetOptions().map_entry:
        value = field.message_type.fields_by_name["value"]
        if value.message_type is None:
            inner["one"] = scalar(value)
        else:
            fill(inner["one"], depth + 1)
    elif field.is_repeated:
        fill(inner.add(), depth + 1)
    elif field.message_type.full_name in {"google.protobuf.Timestamp", "google.protobuf.Duration"}:
        inner.seconds, inner.nanos = 1_700_000_000, 120_003_000
    else:
        inner.SetInParent()
        fill(inner, depth + 1)


def scalar(field: Any) -> Any:
    """A value that is not the field's default."""
    if field.enum_type is not None:
        return field.enum_type.values[-1].number
    if field.type == FieldDescriptor.TYPE_BYTES:
        return b"\x00\xff some bytes"
    return {
        FieldDescriptor.CPPTYPE_STRING: "ümlaut",
        FieldDescriptor.CPPTYPE_BOOL: True,
        FieldDescriptor.CPPTYPE_DOUBLE: 0.25,
        FieldDescriptor.CPPTYPE_FLOAT: 0.25,
    }.get(field.cpp_type, 7)


def alternatives(kind: Any) -> list[str]:
    """The fields of a message that are alternatives of each other."""
    return [field.name for one in kind.oneofs for field in one.fields]


@pytest.mark.parametrize("attributes", ATTRIBUTES)
def test_every_field_of_every_event_is_read_as_the_sdk_reads_it(attributes: str) -> None:
    """Filled to the brim, names as the server writes them."""
    event = HistoryEvent(event_id=1)
    inner = getattr(event, attributes)
    inner.SetInParent()
    fill(inner)
    data = MessageToDict(History(events=[event]))

    assert list(events_of(data["events"])) == [event]
    assert list(WorkflowHistory.from_json("w", data).events) == [event]


@pytest.mark.parametrize("info", alternatives(HistoryEvent().activity_task_failed_event_attributes.failure.DESCRIPTOR))
def test_every_kind_of_failure_is_read(info: str) -> None:
    """Each of them has fields of its own."""
    event = HistoryEvent(event_id=1)
    failure = event.activity_task_failed_event_attributes.failure
    getattr(failure, info).SetInParent()
    fill(getattr(failure, info))

    assert list(events_of(MessageToDict(History(events=[event]))["events"])) == [event]


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.name.partition("~")[0])
def test_recorded_histories_are_read_as_the_sdk_reads_them(path: Path) -> None:
    """All that this repository keeps; fields that an older SDK does not know are left to its own reader."""
    data = json.loads(gzip.decompress(path.read_bytes()))
    try:
        events = list(events_of(data["events"]))
    except NotAsExpected:
        assert Version(version("temporalio")) < Version("1.35")
    else:
        assert events == list(WorkflowHistory.from_json("w", data).events)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"eventId": "1", "eventType": "WorkflowExecutionStarted"}, id="an older tool's enum"),
        pytest.param({"eventId": "1", "unknown": 1}, id="a field of a newer server"),
        pytest.param({"eventId": 1.5}, id="no whole number"),
        pytest.param({"eventId": True}, id="a boolean for a number"),
        pytest.param({"eventTime": "yesterday"}, id="no time"),
        pytest.param({"eventTime": "2026-11-21T09:30:00+01:00"}, id="a time of another zone"),
        pytest.param({"eventTime": "2026-11-21T09:30:00.1234567891Z"}, id="a time too fine"),
        pytest.param(
            {"workflowExecutionStartedEventAttributes": {"workflowRunTimeout": "-1s"}}, id="negative duration"
        ),
        pytest.param({"workflowExecutionStartedEventAttributes": {"workflowRunTimeout": "1"}}, id="no unit"),
        pytest.param({"workflowExecutionStartedEventAttributes": {"identity": 5}}, id="a number for text"),
        pytest.param({"workflowExecutionStartedEventAttributes": {"input": []}}, id="a list for a message"),
        pytest.param({"workflowExecutionStartedEventAttributes": None}, id="null"),
        pytest.param({"workerMayIgnore": "yes"}, id="text for a boolean"),
        pytest.param("event", id="text for an event"),
    ],
)
def test_what_is_written_otherwise_is_not_guessed_at(event: Any) -> None:
    """It is said, so that the SDK's own reader is asked."""
    with pytest.raises(NotAsExpected):
        events_of([event])


def test_an_older_tools_spelling_is_read_by_the_sdk() -> None:
    """Whoever reads a file is given the same events either way."""
    data = json.loads(gzip.decompress(CORPORA[0].read_bytes()))
    [expected] = histories_in(json.dumps(data).encode(), name="h")
    data["events"][0]["eventType"] = "WorkflowExecutionStarted"
    [found] = histories_in(json.dumps(data).encode(), name="h")

    assert isinstance(expected, Events)
    assert isinstance(found, Events)
    assert list(found.events) == list(expected.events)
