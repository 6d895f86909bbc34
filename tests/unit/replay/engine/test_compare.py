"""Every command against the event that records it."""

from __future__ import annotations

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import ParentClosePolicy, WorkflowIdReusePolicy
from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.workflow_messages import WorkflowCommand
from harness.replay.engine.compare import Comparison
from tests.unit.replay.made_histories import activity, asks, command, event, history, issued, payload


def drifted(events: list[HistoryEvent], *commands: WorkflowCommand) -> list[tuple[int, str, str, str]]:
    """What has drifted: event, field, then and now."""
    drifts = Comparison(events, issued(*commands)).drifts()
    return [(one.event, one.field, one.recorded, one.now) for one in drifts]


def parted(events: list[HistoryEvent], *commands: WorkflowCommand, message: str = "") -> tuple[int, str, str] | None:
    """Where code and history part: event, recorded, issued."""
    found = Comparison(events, issued(*commands)).divergence(message)
    return None if found is None else (found.event, found.recorded, found.issued)


def timer(seconds: int) -> HistoryEvent:
    """A timer that was started."""
    return event("TIMER_STARTED", timer_id="1", start_to_fire_timeout=Duration(seconds=seconds))


def sleeps(seconds: int) -> WorkflowCommand:
    """The command for it."""
    return command("start_timer", seq=1, start_to_fire_timeout=Duration(seconds=seconds))


def test_the_same_command_has_not_drifted() -> None:
    """Nor does a retry policy that only the server wrote down."""
    assert drifted(history(activity()), asks()) == []


def test_another_input_is_found_where_it_is() -> None:
    """By its path, with both values."""
    events = history(activity(given={"cents": 5, "to": ["a", "b"]}))

    assert drifted(events, asks(given={"to": ["a", "c"], "cents": 5})) == [(5, "input[0].to[1]", "'b'", "'c'")]


def test_a_child_s_policies_that_the_server_filled_in_are_no_drift() -> None:
    """Nothing said is TERMINATE and ALLOW_DUPLICATE in the history; another policy has drifted."""
    recorded = event(
        "START_CHILD_WORKFLOW_EXECUTION_INITIATED",
        workflow_id="c",
        parent_close_policy=ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE,
        workflow_id_reuse_policy=WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
    )
    silent = command("start_child_workflow_execution", seq=1, workflow_id="c")
    abandons = command("start_child_workflow_execution", seq=1, workflow_id="c", parent_close_policy=2)

    assert drifted(history(recorded), silent) == []
    assert [one[1] for one in drifted(history(recorded), abandons)] == ["parent_close_policy"]


def test_a_timeout_is_told_in_seconds() -> None:
    """And none as none."""
    assert drifted(history(activity()), asks(seconds=12)) == [(5, "start_to_close_timeout", "10 s", "12 s")]


def test_what_the_server_clips_to_the_run_is_no_drift() -> None:
    """A run timeout of 8 s leaves no room for 10; what was not asked for is filled in with it."""
    recorded = activity(seconds=8)
    said = recorded.activity_task_scheduled_event_attributes
    said.schedule_to_close_timeout.seconds = said.schedule_to_start_timeout.seconds = 8
    events = history(recorded)
    events[0].workflow_execution_started_event_attributes.workflow_run_timeout.seconds = 8

    assert drifted(events, asks()) == []
    assert drifted(events, asks(seconds=7)) == [(5, "start_to_close_timeout", "8 s", "7 s")]


def test_what_in_all_bounds_the_others_is_no_drift() -> None:
    """With schedule_to_close alone, the server makes the other two of it."""
    recorded = activity()
    said = recorded.activity_task_scheduled_event_attributes
    for one in (said.schedule_to_close_timeout, said.schedule_to_start_timeout, said.start_to_close_timeout):
        one.seconds = 20
    asked = asks(seconds=0)
    asked.schedule_activity.schedule_to_close_timeout.seconds = 20

    assert drifted(history(recorded), asked) == []


def test_a_heartbeat_timeout_beyond_the_attempt_is_clipped() -> None:
    """It is recorded as long as the attempt may take."""
    recorded = activity()
    recorded.activity_task_scheduled_event_attributes.heartbeat_timeout.seconds = 10
    asked = asks()
    asked.schedule_activity.heartbeat_timeout.seconds = 30

    assert drifted(history(recorded), asked) == []


def test_commands_meet_their_events_by_their_ids() -> None:
    """Two of one type that have changed places differ in what they are given."""
    events = history(activity("1", "undo", "hotel"), activity("2", "undo", "car"))

    assert drifted(events, asks("1", "undo", "car"), asks("2", "undo", "hotel")) == [
        (5, "input[0]", "'hotel'", "'car'"),
        (6, "input[0]", "'car'", "'hotel'"),
    ]


def test_what_was_scrubbed_is_no_drift() -> None:
    """Whatever stands in its place now; what stands beside it is compared."""
    recorded = activity(given={"name": "x", "cents": 5})
    given = recorded.activity_task_scheduled_event_attributes.input.payloads[0]
    given.metadata["harness-scrubbed"] = b'[["name"]]'

    assert drifted(history(recorded), asks(given={"name": "Ada", "cents": 5})) == []
    assert drifted(history(recorded), asks(given={"name": "Ada", "cents": 6})) == [(5, "input[0].cents", "5", "6")]
    assert drifted(history(activity(given="for Ada")), asks(given="for scrubbed:0123456789")) == []


def test_an_update_that_is_no_longer_answered_has_drifted() -> None:
    """Its caller waits, and nobody else notices."""
    answer = event("WORKFLOW_EXECUTION_UPDATE_COMPLETED", accepted_event_id=5)
    said = answer.workflow_execution_update_completed_event_attributes
    said.meta.update_id = "u1"
    said.outcome.success.payloads.append(payload(3))

    assert drifted(history(answer)) == [(5, "outcome", "{'result': 3}", "(nothing)")]
    assert drifted(history(answer), command("update_response", protocol_instance_id="u1", completed=payload(3))) == []


def test_a_new_run_s_inheritance_is_no_drift() -> None:
    """What the command leaves out, the event has from the old run."""
    again = event("WORKFLOW_EXECUTION_CONTINUED_AS_NEW")
    said = again.workflow_execution_continued_as_new_event_attributes
    said.workflow_type.name, said.task_queue.name = "Shop", "queue"
    said.workflow_task_timeout.seconds = 10

    assert drifted(history(again), command("continue_as_new_workflow_execution")) == []


def test_a_change_version_attribute_is_the_sdk_s_own() -> None:
    """No command asks for it."""
    own = event("UPSERT_WORKFLOW_SEARCH_ATTRIBUTES")
    fields = own.upsert_workflow_search_attributes_event_attributes.search_attributes.indexed_fields
    fields["TemporalChangeVersion"].CopyFrom(payload(["new-way"]))

    assert drifted(history(own)) == []
    assert parted(history(own)) is None


def test_another_command_parts_them_there() -> None:
    """With what the history has and what the code asks for."""
    assert parted(history(activity(), timer(5)), asks(), asks("2", "refund")) == (
        6,
        "TimerStarted (1)",
        "ActivityTaskScheduled refund (2)",
    )


def test_a_command_more_and_a_command_less_part_them() -> None:
    """One side has nothing then."""
    assert parted(history(activity()), asks(), asks("2")) == (4, "", "ActivityTaskScheduled charge (2)")
    assert parted(history(activity(), timer(5)), asks()) == (6, "TimerStarted (1)", "")


def test_what_is_taken_back_at_once_parts_nothing() -> None:
    """The SDK's core keeps it to itself."""
    assert parted(history(activity()), sleeps(5), command("cancel_timer", seq=1), asks()) is None


def test_the_event_that_the_sdk_names_counts_when_it_is_earlier() -> None:
    """It sees what the commands do not tell."""
    events = history(activity(), timer(5))

    assert parted(events, asks(), message="No command for HistoryEvent(id: 5, X)") == (
        5,
        "ActivityTaskScheduled charge (1)",
        "",
    )
    assert parted(events, asks(), sleeps(5), message="HistoryEvent(id: 99, X)") is None


def test_a_patch_that_is_gone_parts_them() -> None:
    """Its marker has nobody who asks for it."""
    marker = event("MARKER_RECORDED", marker_name="core_patch")
    details = marker.marker_recorded_event_attributes.details["patch-data"].payloads.add()
    details.data = b'{"id": "new-way", "deprecated": false}'

    assert parted(history(marker, activity()), asks()) == (5, "MarkerRecorded new-way (patch new-way)", "")
    assert parted(history(marker, activity()), command("set_patch_marker", patch_id="new-way"), asks()) is None


def test_an_excerpt_marks_the_event() -> None:
    """Among those around it."""
    lines = Comparison(history(activity(), timer(5)), []).excerpt(5, around=1)

    assert lines == [
        "      4 WorkflowTaskCompleted",
        ">     5 ActivityTaskScheduled charge (1)",
        "      6 TimerStarted (1)",
    ]
