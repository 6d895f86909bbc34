"""Time ends an activity by the timeout that it should, and for the reason that it should."""

from __future__ import annotations

from typing import Any

import pytest

from harness import TimeoutKind, UsageError, Verdict
from harness.evidence.history import History
from tests.unit.builders import failure, history, judged, recorded

SCHEDULED = recorded("ACTIVITY_TASK_SCHEDULED", activityType={"name": "print"})
CUT_OFF = failure("timeout", "activity StartToClose timeout", timeoutType="TIMEOUT_TYPE_START_TO_CLOSE")


def ended(how: str, with_: dict[str, Any], retry_state: str) -> History:
    """The history of a workflow whose activity `print` ended badly."""
    return history(
        SCHEDULED,
        recorded(
            f"ACTIVITY_TASK_{how}",
            scheduledEventId="3",
            failure=with_,
            retryState=f"RETRY_STATE_{retry_state}",
        ),
    )


EXHAUSTED = ended("TIMED_OUT", {**CUT_OFF, "cause": CUT_OFF}, "MAXIMUM_ATTEMPTS_REACHED")
GIVEN_UP = ended("FAILED", failure("application", "503", type="Unavailable"), "TIMEOUT")


@pytest.mark.parametrize(
    ("oracle", "seen"),
    [
        (TimeoutKind(activity="print", kind="START_TO_CLOSE", retry_state="MAXIMUM_ATTEMPTS_REACHED"), EXHAUSTED),
        (
            TimeoutKind(
                activity="print",
                kind="START_TO_CLOSE",
                retry_state="MAXIMUM_ATTEMPTS_REACHED",
                behind=("timeout START_TO_CLOSE",),
            ),
            EXHAUSTED,
        ),
        (TimeoutKind(activity="print", retry_state="TIMEOUT", behind=()), GIVEN_UP),
    ],
    ids=["kind", "behind", "budget-without-a-timeout"],
)
def test_what_was_declared_is_acquitted(oracle: TimeoutKind, seen: History) -> None:
    """By kind, by what is behind it, or by the retry state alone."""
    assert judged(oracle, seen) == []


@pytest.mark.parametrize(
    ("oracle", "seen", "said"),
    [
        (
            TimeoutKind(activity="print", kind="HEARTBEAT", retry_state="MAXIMUM_ATTEMPTS_REACHED"),
            EXHAUSTED,
            "failure is timeout START_TO_CLOSE, expected timeout HEARTBEAT",
        ),
        (
            TimeoutKind(activity="print", kind="START_TO_CLOSE", retry_state="TIMEOUT"),
            EXHAUSTED,
            "retry state is MAXIMUM_ATTEMPTS_REACHED, expected TIMEOUT",
        ),
        (
            TimeoutKind(activity="print", kind="SCHEDULE_TO_CLOSE", retry_state="TIMEOUT"),
            GIVEN_UP,
            "failure is application Unavailable, expected timeout SCHEDULE_TO_CLOSE",
        ),
        (
            TimeoutKind(activity="print", retry_state="MAXIMUM_ATTEMPTS_REACHED", behind=("application Unavailable",)),
            EXHAUSTED,
            "cause is timeout START_TO_CLOSE, expected application Unavailable",
        ),
    ],
    ids=["other-kind", "other-state", "no-timeout", "other-cause"],
)
def test_another_end_is_convicted(oracle: TimeoutKind, seen: History, said: str) -> None:
    """The finding says what differs, and shows the failure as it was."""
    (found,) = judged(oracle, seen)

    assert found.verdict is Verdict.FAILED
    assert found.title == f"print failed: {said}."
    assert said in found.detail
    assert "seen: " in found.detail
    assert found.refs == ("event 4",)


def test_an_activity_that_did_not_fail_is_convicted() -> None:
    """Nor does another activity's timeout count."""
    other = recorded("ACTIVITY_TASK_SCHEDULED", activityType={"name": "post"})
    seen = history(other, recorded("ACTIVITY_TASK_TIMED_OUT", scheduledEventId="3", failure=CUT_OFF))

    (found,) = judged(TimeoutKind(activity="print", retry_state="TIMEOUT"), seen)

    assert found.title == "print never failed, expected retry state TIMEOUT."


def test_what_cannot_be_meant_is_refused() -> None:
    """A kind that Temporal does not have, and one text where several are wanted."""
    with pytest.raises(UsageError, match="kind must be one of HEARTBEAT"):
        TimeoutKind(activity="print", kind="StartToClose", retry_state="TIMEOUT")
    with pytest.raises(UsageError, match="got 'timeout HEARTBEAT'"):
        TimeoutKind(activity="print", retry_state="TIMEOUT", behind="timeout HEARTBEAT")
