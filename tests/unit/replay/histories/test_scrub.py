"""What is taken out of a history, and what stays."""

from __future__ import annotations

import json
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import TaskQueueKind
from temporalio.api.history.v1 import HistoryEvent

from harness import UsageError
from harness.application_side.payloads import payloads_in
from harness.replay.histories.scrub import Scrub
from tests.unit.replay.made_histories import activity, event, history, payload

GIVEN = {"email": "ada@example.com", "card": {"number": "4111", "cents": 5, "due": "2026-11-22T10:00:00Z"}, "ok": True}


def scrubbed(events: list[HistoryEvent], *rules: str) -> list[Any]:
    """The values of all payloads, once scrubbed."""
    scrub = Scrub.read(rules)
    assert scrub is not None
    scrub.apply(events)
    return [json.loads(one.data) for event in events for one in payloads_in(event)]


def test_a_field_is_taken_out_at_any_depth() -> None:
    """With all that is in it, and nothing beside it."""
    [value] = scrubbed(history(activity(given=GIVEN)), "field=number", "field=e*l")

    assert value["email"].startswith("scrubbed:")
    assert value["card"]["number"].startswith("scrubbed:")
    assert (value["card"]["cents"], value["card"]["due"]) == (5, "2026-11-22T10:00:00Z")


def test_equal_values_stay_equal() -> None:
    """So that code which compares them goes the same way."""
    values = scrubbed(history(activity(given="a"), activity("2", given="a"), activity("3", given="b")), "all")

    assert values[0] == values[1] != values[2]


def test_everything_keeps_its_kind() -> None:
    """Code still reads it."""
    [value] = scrubbed(history(activity(given=GIVEN | {"wait": "PT0.5S"})), "all")

    assert value["card"]["cents"] == 1
    assert value["card"]["due"] == "1970-01-01T00:00:00Z"
    assert (value["ok"], value["wait"]) == (True, "PT0.5S")


def test_a_type_is_taken_out_with_what_it_returned() -> None:
    """And no other."""
    done = event("ACTIVITY_TASK_COMPLETED", scheduled_event_id=5)
    done.activity_task_completed_event_attributes.result.payloads.append(payload("secret"))
    events = history(activity(given="secret"), activity("2", "other", "open"), tail=[done])

    first, other, result = scrubbed(events, "type=char*")

    assert first == result != "secret"
    assert other == "open"


def test_who_worked_on_it_goes_with_any_rule() -> None:
    """Identities and stack traces tell of hosts and folders."""
    failed = event("ACTIVITY_TASK_FAILED", scheduled_event_id=5, identity="1@host")
    failed.activity_task_failed_event_attributes.failure.stack_trace = "File /srv/shop.py"
    failed.activity_task_failed_event_attributes.failure.message = "no money"
    sticky = event("WORKFLOW_TASK_SCHEDULED")
    sticky.workflow_task_scheduled_event_attributes.task_queue.name = "1@host-abc"
    sticky.workflow_task_scheduled_event_attributes.task_queue.kind = TaskQueueKind.TASK_QUEUE_KIND_STICKY
    events = history(activity(), tail=[sticky, failed])

    assert scrubbed(events, "identity") == [5]
    assert b"host" not in b"".join(one.SerializeToString() for one in events)
    said = events[-1].activity_task_failed_event_attributes
    assert (said.identity, said.failure.stack_trace, said.failure.message) == ("", "", "no money")


def test_what_the_sdk_notes_for_itself_stays() -> None:
    """Without it, no replay would know the patch."""
    marker = event("MARKER_RECORDED", marker_name="core_patch")
    marker.marker_recorded_event_attributes.details["patch-data"].payloads.append(payload({"id": "new-way"}))

    assert scrubbed(history(marker), "all") == [{"id": "new-way"}]


def test_a_date_among_the_search_attributes_stays_one() -> None:
    """The SDK would not take a text for it."""
    told = event("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES")
    fields = told.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
    fields["When"].CopyFrom(payload("2026-11-22T10:00:00Z"))
    fields["When"].metadata["type"] = b"Datetime"

    assert scrubbed(history(told), "all") == ["1970-01-01T00:00:00Z"]


def test_what_is_encrypted_cannot_be_scrubbed() -> None:
    """Nobody could say that it was."""
    events = history(activity())
    sealed = Payload(metadata={"encoding": b"binary/encrypted"}, data=b"?")
    events[4].activity_task_scheduled_event_attributes.input.payloads[0].CopyFrom(sealed)

    with pytest.raises(UsageError, match="binary/encrypted"):
        scrubbed(events, "all")


def test_rules_are_read_or_refused() -> None:
    """All of them at once."""
    assert Scrub.read([]) is None
    with pytest.raises(UsageError) as told:
        Scrub.read(["everything", "feild=x", "all"])
    assert len(told.value.problems) == 2


def test_a_type_is_taken_out_of_markers_and_failures() -> None:
    """Of a local activity, whose type only the core's own note says, and of the workflow's failure behind it."""
    marker = event("MARKER_RECORDED", marker_name="core_local_activity")
    details = marker.marker_recorded_event_attributes.details
    details["data"].payloads.append(payload({"seq": 1, "activity_type": "charge", "activity_id": "1"}))
    details["result"].payloads.append(payload("secret of charge"))
    failed = event("WORKFLOW_EXECUTION_FAILED")
    failure = failed.workflow_execution_failed_event_attributes.failure
    failure.message = "open"
    failure.cause.message = "secret of charge too"
    failure.cause.activity_failure_info.activity_type.name = "charge"
    failure.cause.cause.message = "and what is behind it"
    failure.cause.cause.application_failure_info.details.payloads.append(payload("details"))

    scrubbed(history(marker, tail=[failed]), "type=charge")

    assert json.loads(details["data"].payloads[0].data)["activity_type"] == "charge"
    assert json.loads(details["result"].payloads[0].data).startswith("scrubbed:")
    assert failure.message == "open"
    assert failure.cause.message.startswith("scrubbed:")
    behind = failure.cause.cause
    assert behind.message.startswith("scrubbed:")
    assert json.loads(behind.application_failure_info.details.payloads[0].data).startswith("scrubbed:")


def test_what_looks_like_a_token_or_a_date_hides_nothing() -> None:
    """Only what is exactly of that form stays, or becomes one."""
    values = ["scrubbed:my secret", "2026-11-22 my secret", "P1D my secret", "scrubbed:0123456789ab"]
    shown = scrubbed(history(*(activity(str(number), given=one) for number, one in enumerate(values))), "all")

    assert all("my secret" not in one for one in shown)
    assert shown[3] == values[3]


def test_names_in_a_map_are_values_when_they_are_no_identifiers() -> None:
    """A mapping by e-mail address has secrets for keys."""
    [value] = scrubbed(history(activity(given={"by": {"ada@example.com": 1, "count": 2}})), "all")

    assert [*value["by"]][1] == "count"
    assert next(iter(value["by"])).startswith("scrubbed:")


def test_a_codec_that_compresses_hides_nothing() -> None:
    """What cannot be read cannot be scrubbed by its fields either."""
    events = history(activity())
    events[4].activity_task_scheduled_event_attributes.input.payloads[0].metadata["encoding"] = b"binary/zlib"

    with pytest.raises(UsageError, match="--codec"):
        scrubbed(events, "field=email")
