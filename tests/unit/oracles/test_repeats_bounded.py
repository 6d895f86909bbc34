"""A retry repeats no more than what the server could not have heard of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fakes.items import Items
from harness import RepeatsBounded, UsageError, Verdict
from harness.events import Event
from tests.unit.builders import attempt, judged, processed, received, verdict_of


def run(*, knows: int, done: int = 6, total: int = 8) -> list[Event]:
    """A batch whose first attempt did `done` items, of which the second knew `knows`; each takes three events."""
    first = [event for item in range(done) for event in processed(item, nth=item + 1)]
    then = [
        event
        for nth, item in enumerate(range(knows, total), start=done + 1)
        for event in processed(item, nth=nth, again=item < done)
    ]
    return [attempt(), *first, attempt(2, resumes_from=knows), *then]


def bound(at_most: int | None = None, within: timedelta | None = None) -> RepeatsBounded:
    """The oracle with a bound."""
    return RepeatsBounded(of=Items.process, per="item", at_most=at_most, within=within)


def test_repeats_are_counted() -> None:
    """Two items of six were not known: two repeats are within a bound of two, and not of one."""
    assert judged(bound(at_most=2), run(knows=4)) == []

    (found,) = judged(bound(at_most=1), run(knows=4))
    assert found.verdict is Verdict.FAILED
    assert found.title == "2 repeated calls of items.process, expected at most 1."
    assert found.refs == ("items.process#7", "items.process#8")


def test_how_far_repeats_reach_back_is_measured() -> None:
    """From the last call before the retry to the first that is repeated: three items later are nine milliseconds."""
    assert judged(bound(within=timedelta(milliseconds=9)), run(knows=2)) == []

    (found,) = judged(bound(within=timedelta(milliseconds=8)), run(knows=2))
    assert found.verdict is Verdict.FAILED
    assert "a call of items.process that was 0.009 s old, expected at most 0.008 s." in found.title


def test_an_attempt_that_got_nowhere_is_not_what_is_measured_from() -> None:
    """The third repeats what the first had done: how far that reaches back is told by where the first ended."""
    first = [event for item in range(6) for event in processed(item, nth=item + 1)]
    second = [attempt(2, resumes_from=4), *processed(4, nth=7, again=True)]
    third = [attempt(3, resumes_from=4), *processed(4, nth=8, again=True), *processed(5, nth=9, again=True)]

    told = [attempt(), *first, *second, *third]

    assert judged(bound(within=timedelta(milliseconds=3)), told) == []
    assert verdict_of(judged(bound(within=timedelta(milliseconds=2)), told)) is Verdict.FAILED


def test_a_retry_without_a_repeat_is_acquitted() -> None:
    """It went on exactly where the other was."""
    assert judged(bound(at_most=0, within=timedelta(0)), run(knows=6)) == []


def test_without_a_retry_nothing_can_be_told() -> None:
    """Nobody had a reason to repeat anything."""
    assert verdict_of(judged(bound(at_most=0), [attempt(), *processed(0, nth=1)])) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("body", [None, {}, ["item"]], ids=repr)
def test_calls_that_name_no_item_tell_nothing(body: Any) -> None:
    """A field that is not there is no item."""
    found = judged(bound(at_most=0), attempt(2), received(Items.process, body=body))

    assert verdict_of(found) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    "bounds", [{}, {"at_most": -1}, {"within": timedelta(seconds=-1)}], ids=["none", "at_most", "within"]
)
def test_a_bound_that_is_none_is_refused(bounds: dict[str, Any]) -> None:
    """An oracle that could not convict is a mistake."""
    with pytest.raises(UsageError, match="RepeatsBounded"):
        RepeatsBounded(of=Items.process, per="item", **bounds)
