"""Two revisions of the code, command by command."""

from __future__ import annotations

from harness.library_internals.workflow_messages import WorkflowCommand
from harness.replay.engine.compare_revisions import changed, commands
from tests.unit.replay.made_histories import asks, command, issued, payload


def differing(before: list[WorkflowCommand], after: list[WorkflowCommand]) -> list[tuple[str, str, str]]:
    """What differs: field, before and after."""
    found = changed(commands(issued(*before)), commands(issued(*after)))
    return [(one.field, one.recorded, one.now) for one in found]


def local(given: int) -> WorkflowCommand:
    """A local activity, whose input no history has."""
    made = command("schedule_local_activity", seq=1, activity_type="echo")
    made.schedule_local_activity.arguments.append(payload(given))
    return made


def test_what_no_history_has_is_compared() -> None:
    """A local activity's arguments."""
    assert differing([local(1)], [local(1)]) == []
    assert differing([local(1)], [local(2)]) == [("arguments[0]", "1", "2")]


def test_where_they_part_the_comparison_ends() -> None:
    """Whatever follows is another story."""
    assert differing([asks(), asks("2")], [local(1), local(2)]) == [
        ("command", "schedule_activity", "schedule_local_activity")
    ]
    assert differing([asks()], []) == [("command", "schedule_activity", "(nothing)")]
