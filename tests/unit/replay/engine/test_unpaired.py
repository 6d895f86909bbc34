"""Histories that the SDK's core replays without comparing ids and types: those of older SDKs, and of others."""

from __future__ import annotations

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.history.v1 import HistoryEvent
from temporalio.bridge.proto.workflow_commands import WorkflowCommand

from harness.replay.engine.compare import Comparison
from harness.replay.histories.notes import notes_on
from tests.unit.replay.made_histories import activity, asks, command, event, history, issued


def unpaired(events: list[HistoryEvent], *commands: WorkflowCommand) -> tuple[int, str, str] | None:
    """What has no counterpart: event, recorded, issued."""
    found = Comparison(events, issued(*commands)).unpaired()
    return None if found is None else (found.event, found.recorded, found.issued)


def drifted(events: list[HistoryEvent], *commands: WorkflowCommand) -> list[tuple[str, str, str]]:
    """What differs: field, then and now."""
    return [(one.field, one.recorded, one.now) for one in Comparison(events, issued(*commands)).drifts()]


def named(number: str) -> WorkflowCommand:
    """An activity whose id the code chooses."""
    made = asks()
    made.schedule_activity.activity_id = number
    return made


def timer(number: str) -> HistoryEvent:
    """A timer that was started."""
    return event("TIMER_STARTED", timer_id=number, start_to_fire_timeout=Duration(seconds=5))


SLEEPS = command("start_timer", seq=1, start_to_fire_timeout=Duration(seconds=5))


def test_ids_that_another_sdk_made_are_not_compared() -> None:
    """It numbers by events; the commands are the same."""
    events = history(activity("5"), activity("6", "refund"), timer("7"))

    assert unpaired(events, asks("1"), asks("2", "refund"), SLEEPS) is None
    assert drifted(events, asks("1"), asks("2", "refund"), SLEEPS) == []
    assert "event 5 has '5', not '1'" in Comparison(events, issued(asks("1"))).foreign_id()
    assert Comparison(history(activity("1")), issued(asks("1"))).foreign_id() == ""


def test_what_differs_besides_the_id_is_drift() -> None:
    """Each with its counterpart in order."""
    events = history(activity("5", given=1), activity("6", given=2))

    assert drifted(events, asks("1", given=1), asks("2", given=3)) == [("input[0]", "2", "3")]


@pytest.mark.parametrize("number", ["1", "5"])
def test_another_type_is_a_divergence(number: str) -> None:
    """Whether the ids are the same or not."""
    assert unpaired(history(activity("5")), asks(number, "refund")) == (
        5,
        "ActivityTaskScheduled charge (5)",
        f"ActivityTaskScheduled refund ({number})",
    )


def test_an_id_that_the_code_chooses_is_compared() -> None:
    """It is part of what the code asks for."""
    assert ("id", "'5'", "'mine'") in drifted(history(activity("5")), named("mine"))
    assert drifted(history(activity("mine")), named("mine")) == []


def test_an_activity_more_or_less_is_a_divergence() -> None:
    """On either side."""
    assert unpaired(history(activity("5")), asks("1"), asks("2", "refund")) == (
        4,
        "",
        "ActivityTaskScheduled refund (2)",
    )
    assert unpaired(history(activity("5"), timer("6")), asks("1")) == (6, "TimerStarted (6)", "")


def test_a_timer_in_place_of_an_activity_is_told_with_both() -> None:
    """What was recorded, and what the code does there."""
    assert unpaired(history(activity("5")), SLEEPS) == (5, "ActivityTaskScheduled charge (5)", "TimerStarted (1)")


def test_what_is_withdrawn_at_once_is_no_divergence() -> None:
    """The SDK sends nothing of it."""
    assert unpaired(history(activity()), SLEEPS, command("cancel_timer", seq=1), asks()) is None


def marker(name: str, data: bytes = b"") -> HistoryEvent:
    """A marker, with the data that the SDK's core writes."""
    made = event("MARKER_RECORDED", marker_name=name)
    if data:
        made.marker_recorded_event_attributes.details["patch-data"].payloads.add().data = data
    return made


def test_a_patch_may_only_go_once_it_is_deprecated() -> None:
    """Its marker then says so."""
    kept = history(marker("core_patch", b'{"id": "new", "deprecated": false}'), activity())
    deprecated = history(marker("core_patch", b'{"id": "new", "deprecated": true}'), activity())
    patch = command("set_patch_marker", patch_id="new")

    assert unpaired(kept, asks()) == (5, "MarkerRecorded new (patch new)", "")
    assert unpaired(deprecated, asks()) is None
    assert (unpaired(kept, patch, asks()), drifted(deprecated, patch, asks())) == (None, [])


def test_the_marker_of_another_sdk_has_no_counterpart() -> None:
    """No code in Python asks for it."""
    events = history(marker("SideEffect"), activity("5"))

    assert unpaired(events, asks("1")) == (5, "MarkerRecorded SideEffect", "")
    [note] = notes_on(events)
    assert note.startswith("recorded by another SDK (it has a marker 'SideEffect'), not by the Python SDK")


@pytest.mark.parametrize(("name", "noted"), [("temporal-go", True), ("temporal-python", False), ("", False)])
def test_another_sdk_is_named(name: str, noted: bool) -> None:  # noqa: FBT001 - a parameter
    """As its workers name themselves."""
    events = history(activity())
    metadata = events[3].workflow_task_completed_event_attributes.sdk_metadata
    metadata.sdk_name, metadata.sdk_version = name, "1.2"

    assert [f"recorded by {name} 1.2, not" in one for one in notes_on(events)] == [True] * noted


def test_a_first_task_that_fails_is_noted() -> None:
    """Unless one was completed after all."""
    failed = event("WORKFLOW_TASK_FAILED")
    failed.workflow_task_failed_event_attributes.failure.message = "no such\nkey"
    events = [*history()[:3], failed]

    assert list(notes_on(events)) == ["its first workflow task has failed so far: no such key"]
    assert list(notes_on([*events, *history()[3:]])) == []


def test_inputs_that_changed_places_are_marked() -> None:
    """The recorded result of one call is then taken for that of another; a new value alone is not."""
    events = history(activity("1", "undo", "hotel"), activity("2", "undo", "car"), activity("3", "undo", "flight"))
    swapped = issued(asks("1", "undo", "car"), asks("2", "undo", "hotel"), asks("3", "undo", "train"))

    assert [(one.event, one.moved) for one in Comparison(events, swapped).drifts()] == [
        (5, True),
        (6, True),
        (7, False),
    ]
