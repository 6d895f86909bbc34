"""The attempts that a worker recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from harness.events import AttemptEnded, AttemptStarted, Event
from harness.evidence.attempts import NEVER, read_attempts
from tests.unit.builders import START


def began(activity: str, number: str, *, attempt: int = 1, at: int) -> Event:
    """A body begins."""
    return AttemptStarted(at=START + timedelta(seconds=at), **_said(activity, number, attempt))


def ended(activity: str, number: str, *, attempt: int = 1, at: int, errors: tuple[str, ...] = ()) -> Event:
    """A body ends."""
    return AttemptEnded(at=START + timedelta(seconds=at), errors=errors, **_said(activity, number, attempt))


def _said(activity: str, number: str, attempt: int) -> dict[str, Any]:
    return {"workflow_id": "w", "activity": activity, "activity_id": number, "attempt": attempt}


def told(*events: Event) -> list[tuple[str, int, float | None, bool]]:
    """The attempts: call, attempt, how long it took, and whether it ran to its end."""
    return [
        (
            f"{one.activity}#{one.nth}",
            one.number,
            None if one.ended == NEVER else (one.ended - one.began).seconds,
            one.succeeded,
        )
        for one in read_attempts(events)
    ]


def test_a_retry_is_an_attempt_of_the_same_call() -> None:
    """The next activity is another."""
    assert told(
        began("pay", "1", at=0),
        ended("pay", "1", at=1, errors=("E: no",)),
        began("pay", "1", attempt=2, at=2),
        ended("pay", "1", attempt=2, at=5),
        began("pay", "2", at=6),
        ended("pay", "2", at=7),
    ) == [("pay#1", 1, 1, False), ("pay#1", 2, 3, True), ("pay#2", 1, 1, True)]


def test_a_run_that_continues_as_new_numbers_its_activities_anew() -> None:
    """They are further calls all the same."""
    assert told(began("pay", "1", at=0), ended("pay", "1", at=1), began("pay", "1", at=5), ended("pay", "1", at=7)) == [
        ("pay#1", 1, 1, True),
        ("pay#2", 1, 2, True),
    ]


def test_one_that_died_with_its_worker_has_no_end() -> None:
    """It is told of all the same."""
    assert told(began("pay", "1", at=0)) == [("pay#1", 1, None, False)]
