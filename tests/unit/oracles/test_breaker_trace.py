"""breaker_trace: a circuit breaker does what its settings say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from fakes.payments import Payments
from harness import BreakerTrace, UsageError, Verdict
from harness.events import Event
from harness.evidence.history import History, read_history
from tests.unit.builders import START, answered, judged, payload, received, verdict_of

# Smaller than production's, so that a history fits into a line.
ORACLE = BreakerTrace(of=Payments.charge, activity="charge", failures=2, open_for=timedelta(seconds=60), successes=2)


def calls(*statuses: int) -> list[Event]:
    """What the service's journal says of its calls."""
    return [
        event
        for nth, status in enumerate(statuses, start=1)
        for event in (received(Payments.charge, nth=nth), answered(Payments.charge, status, nth=nth))
    ]


def story(*words: str) -> History:
    """A history told in words.

    "call" schedules an activity, "good" and "bad" end the oldest that runs, a number lets so many seconds go by, and
    anything else is a state that the breaker records.
    """
    return read_history({"events": list(_events(words))}, workflow_id="w", run_id="r")


def _events(words: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    at, running = START, list[int]()
    told: list[dict[str, Any]] = []
    for word in words:
        number = len(told) + 1
        event: dict[str, Any] = {"eventId": str(number), "eventTime": at.isoformat()}
        if word.replace(".", "").isdigit():
            at += timedelta(seconds=float(word))
            continue
        if word == "call":
            running.append(number)
            event |= {
                "eventType": "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED",
                "activityTaskScheduledEventAttributes": {"activityType": {"name": "charge"}},
            }
        elif word in _ENDINGS:
            name, kind = _ENDINGS[word]
            event |= {
                "eventType": f"EVENT_TYPE_ACTIVITY_TASK_{kind}",
                f"activityTask{name}EventAttributes": {"scheduledEventId": str(running.pop(0))},
            }
        else:
            event |= {
                "eventType": "EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED",
                "workflowPropertiesModifiedEventAttributes": {
                    "upsertedMemo": {"fields": {"circuit_breaker": payload({"state": word})}}
                },
            }
        told.append(event)
    yield from told


_ENDINGS = {
    "good": ("Completed", "COMPLETED"),
    "bad": ("Failed", "FAILED"),
    "late": ("TimedOut", "TIMED_OUT"),
    "off": ("Canceled", "CANCELED"),
}


@pytest.mark.parametrize(
    "words",
    [
        "call good call good",
        "call bad call good call bad call good",
        "call bad call late open",
        "call bad call bad open 60 half_open call good call good closed call bad call good",
        "call bad call bad open 60 half_open call bad open 60 half_open call good call good closed",
        "call bad call bad open 60 half_open call good call bad open 60 half_open call good call good closed",
        "call call call bad bad open bad 60 half_open call good call good closed",
        "call call call bad bad open 60 half_open good call good call good closed",
        "call bad call off call good",
    ],
)
def test_acquits(words: str) -> None:
    """Whatever follows the settings; the outcome of a call from before a change counts for nothing."""
    answers = calls(*[201] * words.split().count("good"))

    assert judged(ORACLE, answers, story(*words.split())) == []


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("call bad call bad open call", "the breaker was open, 0.000 s after the last failure"),
        ("call bad call bad open 59.999 half_open call", "59.999 s after the last failure"),
        ("call bad call bad open 60 half_open call call", "half open, with 1 trial call running"),
        ("call bad open", "recorded: open after 1 call"),
        ("call bad call bad", "expected from the calls: open after 2 calls"),
        ("call bad call bad open 60 half_open call good closed call good", "closed after 3 calls"),
        ("call bad call good call bad open", "expected from the calls: no change"),
        ("call bad call bad open 60 call good call good closed", "half_open after 2 calls"),
    ],
)
def test_convicts(words: str, text: str) -> None:
    """A call that had to be held back, a change too early, one too many, and one that nobody recorded."""
    findings = judged(ORACLE, story(*words.split()))

    assert verdict_of(findings) is Verdict.FAILED
    assert text in "\n".join(finding.detail for finding in findings)


@pytest.mark.parametrize("statuses", [(503, 201), (201,)], ids=["both arrived", "one never did"])
def test_acquits_by_the_journal(statuses: tuple[int, ...]) -> None:
    """A call may be lost on its way."""
    assert judged(ORACLE, calls(*statuses), story("call", "bad", "call", "good")) == []


@pytest.mark.parametrize(
    ("statuses", "text"),
    [
        ((503, 503, 201), "called 3 times, but the breaker counted 2 calls"),
        ((503, 503), "counted 1 success of payments.charge, but the service answered 0 calls"),
    ],
)
def test_convicts_by_the_journal(statuses: tuple[int, ...], text: str) -> None:
    """Calls that the breaker did not see, and failures that it took for successes."""
    [finding] = judged(ORACLE, calls(*statuses), story("call", "bad", "call", "good"))

    assert text in finding.title


@pytest.mark.parametrize("parts", [[], [story("open")]], ids=["no history", "no call"])
def test_cannot_tell(parts: list[History]) -> None:
    """Without any call there is nothing to guard."""
    assert verdict_of(judged(ORACLE, *parts)) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("wrong", [{"failures": 0}, {"successes": 0}, {"at_once": 0}, {"open_for": timedelta(0)}])
def test_refuses_settings_that_no_breaker_has(wrong: dict[str, Any]) -> None:
    """With a UsageError."""
    with pytest.raises(UsageError, match="must be positive"):
        BreakerTrace(of=Payments.charge, activity="charge", **wrong)
