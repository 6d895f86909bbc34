"""Something stands in the workflow's history, as often as it should."""

from __future__ import annotations

import pytest

from harness import Recorded, UsageError, Verdict
from tests.unit.builders import closed, completed, history, judged, recorded

TIMERS = history(
    recorded("TIMER_STARTED", timerId="1", startToFireTimeout="1s"),
    recorded("TIMER_STARTED", timerId="2", startToFireTimeout="5s"),
)


@pytest.mark.parametrize(
    "oracle",
    [
        Recorded(event="TimerStarted"),
        Recorded(event="TimerStarted", count=2),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "5s"}, count=1),
        Recorded(event="TimerFired", count=0),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "9s"}, count=0),
    ],
    ids=str,
)
def test_what_stands_there_is_acquitted(oracle: Recorded) -> None:
    """With these attributes, so often; and what must not be there and is not."""
    assert judged(oracle, TIMERS) == []


@pytest.mark.parametrize(
    ("oracle", "title"),
    [
        (Recorded(event="TimerFired"), "the history has 0 TimerFired events, expected at least 1."),
        (
            Recorded(event="TimerStarted", count=1),
            "the history has 2 TimerStarted events, expected 1.",
        ),
        (
            Recorded(event="TimerStarted", having={"startToFireTimeout": "9s"}),
            "the history has 0 TimerStarted events with {'startToFireTimeout': '9s'}, expected at least 1.",
        ),
    ],
    ids=["none", "too-many", "others"],
)
def test_what_does_not_is_convicted(oracle: Recorded, title: str) -> None:
    """The detail says of each event of that type in what it differs."""
    (found,) = judged(oracle, TIMERS)

    assert (found.verdict, found.title) == (Verdict.FAILED, title)
    assert found.detail


def test_the_difference_is_told() -> None:
    """Event by event."""
    (found,) = judged(Recorded(event="TimerStarted", having={"timerId": "3"}), TIMERS)

    assert found.detail.splitlines() == [
        "event 3: timerId is '1', expected '3'",
        "event 4: timerId is '2', expected '3'",
    ]


def test_all_runs_of_the_workflow_count_and_its_children_do_not() -> None:
    """A run that was followed by another is one execution with it."""
    runs = closed("TIMED_OUT", run_id="run-1"), completed(run_id="run-2")
    child = completed(workflow_id="child-1")

    assert judged(Recorded(event="WorkflowExecutionStarted", count=2), *runs, child) == []


def test_without_a_history_it_cannot_tell() -> None:
    """Silence would pass."""
    (found,) = judged(Recorded(event="TimerStarted", count=0))

    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_type_spelled_as_in_the_protocol_is_refused() -> None:
    """It would never be found."""
    with pytest.raises(UsageError, match=r"unknown event type 'TIMER_STARTED'. Did you mean 'TimerStarted'"):
        Recorded(event="TIMER_STARTED")
