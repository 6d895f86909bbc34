"""Schedules and their names."""

from __future__ import annotations

import pytest

from harness.errors import UsageError
from harness.explore.model.schedule import FAULT_FREE, parse


@pytest.mark.parametrize(
    "name",
    [
        "charge#1:lost_last",
        "charge#2:error,refund#1:lost",
        "Ship/book#1:zombie",
        "import#1:interrupted@2",
        "timer#1:cancelled",
        "event#7:cancelled_after",
        "fault-free",
    ],
)
def test_a_name_is_read_as_what_it_was_written_for(name: str) -> None:
    """So that what a report names can be performed again."""
    assert str(parse(name)) == name


def test_no_fault_is_a_schedule() -> None:
    """The one that all others are compared with."""
    assert parse("fault-free") == FAULT_FREE


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("charge", "not the name of a fault"),
        ("charge#1:lose", "unknown kind of fault 'lose'"),
        ("charge#1:lost-last", "'charge#1:lost-last': the kind of fault 'lost-last' is now spelled 'lost_last'"),
        ("flights.book#1:rate-limit", "'rate-limit' is now spelled 'http_429'"),
        ("charge#1:lost@2", "takes no heartbeat number"),
        ("charge#1:interrupted", "needs a heartbeat number"),
    ],
)
def test_a_name_of_nothing_is_refused(name: str, told: str) -> None:
    """With what it should look like."""
    with pytest.raises(UsageError, match=told):
        parse(name)


def test_all_that_is_wrong_with_a_name_is_told_at_once() -> None:
    """One sentence for each fault."""
    with pytest.raises(UsageError) as raised:
        parse("charge,refund#1:nothing")

    assert len(raised.value.problems) == 2


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ("event#2:cancelled_after", "event#3:cancelled_after", False),
        ("charge#1:cancelled", "event#3:cancelled_after", False),
        ("event#2:cancelled_after", "refund#1:lost", True),
        ("Ship/book#1:cancelled", "event#3:cancelled_after", True),
        ("charge#1:error", "event#3:cancelled_after", True),
    ],
)
def test_a_workflow_is_asked_to_cancel_once(first: str, second: str, *, allowed: bool) -> None:
    """The server lets a second request pass, so that the fault would not strike."""
    assert parse(first).allows(parse(second).faults[0]) is allowed


def test_a_schedule_grows_and_shrinks_by_one_fault() -> None:
    """As pairs and shrinking want it."""
    pair = parse("a#1:error,b#1:lost")
    first, second = pair.faults

    assert parse("a#1:error").plus(second) == pair
    assert pair.without(first) == parse("b#1:lost")
