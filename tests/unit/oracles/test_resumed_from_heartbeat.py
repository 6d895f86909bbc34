"""A retry goes on from what the server had heard, and does not begin again."""

from __future__ import annotations

from typing import Any

import pytest

from harness import ResumedFromHeartbeat, Verdict
from tests.unit.builders import attempt, beat, judged, verdict_of

BY_VALUE = ResumedFromHeartbeat(activity="process_batch")
BY_FIELD = ResumedFromHeartbeat(activity="process_batch", field="processed")


@pytest.mark.parametrize("first", [6, 7], ids=["again", "next"])
def test_going_on_is_acquitted(first: int) -> None:
    """The retry's first heartbeat may say again what it was given, or the next."""
    found = judged(BY_VALUE, attempt(), beat(6), attempt(2, resumes_from=6), beat(first, 2))

    assert found == []


def test_beginning_again_convicts() -> None:
    """A first heartbeat behind what was given is found, with both."""
    (found,) = judged(BY_VALUE, attempt(), beat(6), attempt(2, resumes_from=6), beat(1, 2), beat(7, 2))

    assert found.verdict is Verdict.FAILED
    assert found.title == "attempt 2 of process_batch began at 1, expected at least its checkpoint 6."


def test_what_was_called_and_never_heard_of_is_nobodys_fault() -> None:
    """The throttle held back 9; from 6 it may go on."""
    found = judged(BY_VALUE, attempt(), beat(9), attempt(2, resumes_from=6), beat(7, 2))

    assert found == []


def test_a_checkpoint_may_be_a_field() -> None:
    """Of several things that were heartbeated, the named one counts."""
    given = {"processed": 6, "total": 20}
    sound = judged(BY_FIELD, attempt(2, resumes_from=given), beat({"processed": 7, "total": 20}, 2))
    broken = judged(BY_FIELD, attempt(2, resumes_from=given), beat({"processed": 1, "total": 20}, 2))

    assert sound == []
    assert verdict_of(broken) is Verdict.FAILED


@pytest.mark.parametrize("given", [None, {"total": 20}, "six", True, [6]], ids=repr)
def test_without_a_checkpoint_nothing_can_be_told(given: Any) -> None:
    """What is no number, or not where it should be, is no reason to acquit or to convict."""
    found = judged(BY_FIELD, attempt(2, resumes_from=given), beat({"processed": 1}, 2))

    assert verdict_of(found) is Verdict.INCONCLUSIVE


def test_a_retry_that_said_nothing_tells_nothing() -> None:
    """It may have been killed before its first heartbeat; the next one is judged."""
    silent = judged(BY_VALUE, attempt(2, resumes_from=6))
    followed = judged(BY_VALUE, attempt(2, resumes_from=6), attempt(3, resumes_from=6), beat(1, 3))

    assert verdict_of(silent) is Verdict.INCONCLUSIVE
    assert verdict_of(followed) is Verdict.FAILED


def test_other_activities_do_not_count() -> None:
    """What another activity was given says nothing of this one."""
    found = judged(BY_VALUE, attempt(2, resumes_from=6, activity="other"), beat(1, 2, activity="other"))

    assert verdict_of(found) is Verdict.INCONCLUSIVE
