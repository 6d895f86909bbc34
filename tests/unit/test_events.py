"""Everything that can happen in a run: written, read again, told to listeners."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread, get_ident
from typing import Any

import pytest

from harness.errors import UsageError
from harness.events import (
    AttemptEnded,
    CallReceived,
    Event,
    FaultArmed,
    FaultFired,
    FaultHealed,
    RunInterrupted,
)
from harness.evidence.calls import CallName, CallPlace
from harness.evidence.event_json import describe, from_json, to_json, type_by_name
from harness.evidence.event_stream import Stream

AT = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)

SAMPLES: dict[str, Any] = {
    "datetime": AT,
    "datetime | None": AT + timedelta(seconds=1),
    "str": 'text with "quotes", \n newlines and \N{SNOWMAN}',
    "str | None": "some",
    "int": 2**40,
    "float": 0.25,
    "bool": True,
    "tuple[str, ...]": ("one", "two"),
    "tuple[str, ...] | None": ("one", "two"),
    "CallName": CallName(workflow="Ship", activity="pack", nth=2),
    "CallPlace": CallPlace.TIMER,
    "tuple[Any, ...]": (1, "two", {"three": [4]}),
    "Any": {"nested": [1, None, {"a": "b"}], "true": True},
}
"""A value that is not the default, for the type of each field that events have."""


def kinds() -> Iterator[type[Event]]:
    """Every event class there is, however deep."""
    waiting = Event.__subclasses__()
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting += kind.__subclasses__()


def sample(kind: type[Event]) -> Event:
    """An event in which no field has its default."""
    return kind(**{field.name: SAMPLES[str(field.type)] for field in dataclasses.fields(kind)})


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_event_comes_back_as_it_was(kind: type[Event]) -> None:
    """Through JSON text, with every field set, an event is equal to itself."""
    event = sample(kind)

    assert from_json(json.loads(json.dumps(to_json(event)))) == event


@pytest.mark.parametrize("kind", list(kinds()), ids=lambda kind: kind.__name__)
def test_every_event_is_a_frozen_value_with_a_docstring(kind: type[Event]) -> None:
    """Nobody changes what has happened, and each event says what it means."""
    event = sample(kind)

    with pytest.raises(dataclasses.FrozenInstanceError):
        event.at = AT  # type: ignore[misc]  # the point
    assert kind.__doc__
    assert type_by_name[kind.__name__] is kind


@pytest.mark.parametrize(
    "body", [None, [], "", 0, "\ud800", {"k": "\ud800\x00"}, [[]], 2**80, "\N{PILE OF POO}"], ids=ascii
)
def test_any_body_that_json_can_carry_is_recorded(body: Any) -> None:
    """Whatever an application sends, also text that no file encoding can carry, is read again as it was."""
    event = CallReceived(service="s", operation="o", call="s.o#1", key=None, body=body, at=AT)

    assert from_json(json.loads(json.dumps(to_json(event)))) == event


def test_an_event_knows_when_it_happened() -> None:
    """The time is aware, and now unless said otherwise."""
    before = datetime.now(UTC)
    event = RunInterrupted()

    assert before <= event.at <= datetime.now(UTC)


def test_an_unknown_event_is_refused_with_the_nearest_known_one() -> None:
    """A run folder of a newer version says what this one does not know."""
    with pytest.raises(UsageError, match=r"unknown event 'FaultFird'\. Did you mean 'FaultFired'\?"):
        from_json({"event": "FaultFird", "at": AT.isoformat()})


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        ({}, "unknown event 'None'"),
        ([], "a recorded event is a JSON object, not []"),
        (None, "a recorded event is a JSON object, not None"),
        ({"event": "FaultArmed", "at": "2026-11-22T12:00:00Z"}, "a recorded FaultArmed cannot be read: Field required"),
        ({"event": "FaultArmed", "fault": "f"}, "it has no time"),
        (
            {"event": "FaultArmed", "fault": "f", "at": "yesterday"},
            "a recorded FaultArmed cannot be read: Input should",
        ),
        ({"event": "CallAnswered", "call": "c", "status": "ok", "at": AT.isoformat()}, "a recorded CallAnswered"),
    ],
    ids=repr,
)
def test_a_damaged_event_is_refused(damaged: Any, said: str) -> None:
    """Nothing is made up for what is missing, least of all a time."""
    with pytest.raises(UsageError) as refused:
        from_json(damaged)

    assert said in str(refused.value)


def test_a_description_is_one_line_that_leaves_out_what_is_empty() -> None:
    """For a person: what the event says, whatever text it carries."""
    plain = describe(AttemptEnded(workflow_id="w", activity="book", activity_id="1", attempt=0))
    hostile = describe(FaultFired(fault="f", what="a\nb\r\x1b[31m"))

    assert plain.replace('"', "'") == "AttemptEnded workflow_id='w' activity='book' activity_id='1' attempt=0"
    assert hostile.isprintable()
    assert describe(RunInterrupted()).strip() == "RunInterrupted"


def test_a_stream_keeps_the_order_and_tells_everyone() -> None:
    """Listeners hear each event from when they began to listen until they stop."""
    stream, heard = Stream(), list[Event]()
    first, second, third = FaultArmed(fault="f"), FaultHealed(fault="f"), RunInterrupted()
    stream.emit(first)
    stop = stream.listen(heard.append)
    stream.emit_all([second])
    stop()
    stream.emit(third)

    assert stream.events == (first, second, third)
    assert heard == [second]


def test_a_listener_may_emit_and_stop_while_it_is_told() -> None:
    """What happens because of an event stands behind it, and nobody is skipped."""
    stream, heard = Stream(), list[Event]()

    def once(event: Event) -> None:
        stop()
        stream.emit(FaultHealed(fault="f"))

    stop = stream.listen(once)
    stream.listen(heard.append)
    stream.emit(FaultArmed(fault="f"))

    assert [type(event) for event in stream.events] == [FaultArmed, FaultHealed]
    assert {type(event) for event in heard} == {FaultArmed, FaultHealed}


async def test_any_thread_may_emit_and_listeners_are_called_in_the_stream_s_own() -> None:
    """They touch its event loop; nothing is lost and the order is that of the stream."""
    stream, heard, threads = Stream(), list[Event](), set[int]()

    def listen(event: Event) -> None:
        heard.append(event)
        threads.add(get_ident())

    def emit() -> None:
        stream.emit_all(FaultArmed(fault=str(number)) for number in range(200))

    stream.listen(listen)
    await asyncio.gather(*(asyncio.to_thread(emit) for _ in range(4)))
    await asyncio.sleep(0)

    assert len(stream.events) == 800
    assert tuple(heard) == stream.events
    assert threads == {get_ident()}


async def test_what_another_thread_emitted_before_is_not_for_who_listens_later() -> None:
    """A listener receives each event from when it began to listen."""
    stream, heard = Stream(), list[Event]()
    await asyncio.to_thread(stream.emit, RunInterrupted())
    stream.listen(heard.append)
    stream.emit(FaultArmed(fault="f"))

    assert heard == [stream.events[1]]


def test_whoever_reads_the_events_finds_them_with_the_listeners_as_well() -> None:
    """What another thread emitted just before the end of a run is in its folder."""
    stream, heard = Stream(), list[Event]()
    stream.listen(heard.append)
    thread = Thread(target=stream.emit, args=(RunInterrupted(),))
    thread.start()
    thread.join()

    assert stream.events == tuple(heard) != ()
