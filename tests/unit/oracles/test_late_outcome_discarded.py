"""What an attempt does after another has taken its place changes nothing."""

from __future__ import annotations

import pytest

from fakes.items import Items
from harness import LateOutcomeDiscarded, Verdict
from harness.events import Event
from tests.unit.builders import attempt, decided_by, discarded, ended, history, judged, processed, recorded, verdict_of

SUPERSEDED = LateOutcomeDiscarded(activity="process_batch", operations=[Items.process, Items.discard])


def zombie(*does: list[Event]) -> list[Event]:
    """The first attempt wakes up when the second has finished, and does this."""
    work = [*processed(0, nth=1), attempt(2), *processed(1, nth=2), ended(2)]
    return [
        attempt(),
        *work,
        *(event for some in does for event in some),
        ended(1, "CancelledError: Activity cancelled"),
    ]


def test_a_late_attempt_that_touches_nothing_is_acquitted() -> None:
    """A repeated commit is recognized by the service, and is no effect."""
    assert judged(SUPERSEDED, zombie(processed(1, nth=3, again=True)), decided_by(2)) == []


def test_a_late_cleanup_convicts() -> None:
    """What the other attempt had finished is discarded by one that has no say in it any more."""
    (found,) = judged(SUPERSEDED, zombie(discarded(1)), decided_by(2))

    assert found.verdict is Verdict.FAILED
    assert (
        found.title
        == "items.discard took effect through attempt 1 of process_batch, which the next attempt had replaced."
    )
    assert found.refs == ("items.discard#1",)


def test_a_late_effect_convicts() -> None:
    """So does something new."""
    assert verdict_of(judged(SUPERSEDED, zombie(processed(2, nth=3)), decided_by(2))) is Verdict.FAILED


def test_a_late_outcome_that_was_taken_convicts() -> None:
    """The history says that the late attempt decided."""
    (found,) = judged(SUPERSEDED, zombie(), decided_by(1))

    assert found.title == "attempt 1 of process_batch ended after the next one began, and its outcome was accepted."


def test_what_the_successor_does_is_its_own() -> None:
    """Before anything is decided, the effects are the successor's."""
    run = [attempt(), attempt(2), *processed(0, nth=1), ended(1, "ReadError: reset"), *processed(1, nth=2), ended(2)]

    assert judged(SUPERSEDED, run, decided_by(2)) == []


@pytest.mark.parametrize("how", ["FAILED", "CANCELED"])
def test_any_end_decides(how: str) -> None:
    """A failure of the successor's is an outcome, too."""
    assert judged(SUPERSEDED, zombie(), decided_by(2, how=how)) == []


def test_a_timeout_is_nobodys_outcome() -> None:
    """Neither attempt decided."""
    assert judged(SUPERSEDED, zombie(), decided_by(1, how="TIMED_OUT")) == []


def test_without_a_late_attempt_nothing_can_be_told() -> None:
    """An attempt that ended before its successor began is not late."""
    run = [attempt(), ended(1, "ReadError: reset"), attempt(2), ended(2)]

    assert verdict_of(judged(SUPERSEDED, run, decided_by(2))) is Verdict.INCONCLUSIVE


def test_an_activity_that_is_still_open_tells_nothing() -> None:
    """Who decides it is not known yet."""
    still = history(recorded("ACTIVITY_TASK_SCHEDULED", activityId="1"))

    assert verdict_of(judged(SUPERSEDED, zombie(), still)) is Verdict.INCONCLUSIVE
