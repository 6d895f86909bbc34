"""Attempts come when the retry policy says: neither earlier, nor much later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from harness import RetrySchedule, UsageError, Verdict
from harness.events import AttemptEnded, AttemptStarted, Event, Heartbeat
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from tests.unit.builders import START, history, recorded

SECOND = timedelta(seconds=1)
DOUBLING = RetrySchedule(activity="print", initial=SECOND)


def attempts(*waits: float, took: float = 0.1, ends: bool = True, ahead: float = 0) -> list[Event]:
    """Attempts with these waits between them, each of which took so long, on a clock that is so far ahead."""
    told: list[Event] = []
    at = START
    for number, wait in enumerate((0, *waits), start=1):
        at += timedelta(seconds=wait)
        due = at + number * timedelta(seconds=ahead)
        said = {"workflow_id": "trip-1", "activity": "print", "activity_id": "1"}
        told.append(AttemptStarted(**said, attempt=number, scheduled_at=due, started_at=due, at=at))
        at += timedelta(seconds=took)
        if ends:
            told.append(AttemptEnded(**said, attempt=number, errors=("E: e",), at=at))
    return told


def scheduled(**limits: str) -> History:
    """The history of a workflow that has scheduled the activity within these limits."""
    return history(recorded("ACTIVITY_TASK_SCHEDULED", activityType={"name": "print"}, activityId="1", **limits))


def found(oracle: RetrySchedule, events: Sequence[Event], *histories: History) -> list[str]:
    """The titles of what an oracle finds; unlike the builder's, these events keep their times."""
    told = Evidence(scenario="made/up", seed=0, events=tuple(events), histories=histories)
    return [f"{one.verdict.name} {one.title}" for one in oracle.judge(told)]


@pytest.mark.parametrize(
    ("oracle", "waits"),
    [
        (DOUBLING, (1, 2, 4, 8)),
        (RetrySchedule(activity="print", initial=SECOND, coefficient=1), (1, 1, 1)),
        (RetrySchedule(activity="print", initial=SECOND, maximum=3 * SECOND), (1, 2, 3, 3)),
        (RetrySchedule(activity="print", initial=SECOND, asked={1: 500 * SECOND}), (500, 2, 4)),
        (DOUBLING, (1, 2, 4, 8, 16, 32, 64, 100, 100)),
        (DOUBLING, (1.4, 2.4)),
    ],
    ids=["doubling", "constant", "capped", "asked-for", "capped-by-default", "a-little-late"],
)
def test_the_policy_s_waits_are_acquitted(oracle: RetrySchedule, waits: Sequence[float]) -> None:
    """Growing, capped, or as the service asked for."""
    assert found(oracle, attempts(*waits)) == []


@pytest.mark.parametrize("waits", [(1, 1), (1, 2, 2), (1, 2.6), (1, 1.9)], ids=str)
def test_other_waits_are_convicted(waits: Sequence[float]) -> None:
    """Too short and too long, each with what it should have been."""
    (title,) = found(DOUBLING, attempts(*waits))

    assert title.startswith("FAILED print waited ")
    assert f"after attempt {len(waits)}, expected {2 ** (len(waits) - 1)}.000 s." in title


def test_a_clock_that_skips_is_as_good() -> None:
    """Hardly any time passes outside, and the workflow's own clock has waited its second each time."""
    skipped = attempts(0, 0, ahead=1)

    assert found(RetrySchedule(activity="print", initial=SECOND, coefficient=1), skipped) == []


def late(seconds: float) -> list[Event]:
    """Two attempts on a clock that skips 1 s between them, and counts these as well, which the machine took."""
    said = {"workflow_id": "trip-1", "activity": "print", "activity_id": "1"}
    due = START + timedelta(seconds=1 + seconds)
    return [
        AttemptStarted(**said, attempt=1, scheduled_at=START, started_at=START, at=START),
        AttemptEnded(**said, attempt=1, errors=("E: e",), at=START),
        AttemptStarted(**said, attempt=2, scheduled_at=due, started_at=due, at=START + timedelta(seconds=seconds)),
    ]


def test_a_machine_that_is_slow_between_attempts_is_no_policy() -> None:
    """On a clock that skips, its own time is counted as well, and the record tells how much that was."""
    assert found(DOUBLING, late(3)) == []
    assert found(RetrySchedule(activity="print", initial=5 * SECOND), late(3))[0].startswith("FAILED")


@pytest.mark.parametrize("ahead", [0, 100], ids=["real", "skipped-before"])
def test_an_attempt_that_reached_its_worker_late_ended_late(ahead: float) -> None:
    """3 s after the server handed it out; the wait begins at its end all the same."""
    said = {"workflow_id": "trip-1", "activity": "print", "activity_id": "1"}
    times = [(1, 0, 0), (2, 1 + ahead, 4), (3, 6 + ahead, 6)]
    events: list[Event] = []
    for number, on_server, at in times:
        due = START + timedelta(seconds=on_server)
        moment = START + timedelta(seconds=at)
        events.append(AttemptStarted(**said, attempt=number, scheduled_at=due, started_at=due, at=moment))
        events.append(AttemptEnded(**said, attempt=number, errors=("E: e",), at=moment))
    policy = RetrySchedule(activity="print", initial=SECOND, asked={1: timedelta(seconds=1 + ahead)})

    assert found(policy, events) == []


def test_an_attempt_that_goes_on_for_nobody_ended_when_its_time_did() -> None:
    """Its body ended later than its start_to_close, and later than the next attempt began."""
    events = attempts(-4, took=5)
    limits = scheduled(startToCloseTimeout="0.1s")

    assert found(RetrySchedule(activity="print", initial=0.9 * SECOND), events, limits) == []


def test_an_attempt_that_died_with_its_worker_ended_when_its_time_did() -> None:
    """Nobody told of its end."""
    events = attempts(1, took=2, ends=False)

    assert found(DOUBLING, events, scheduled(startToCloseTimeout="2s")) == []


def test_without_any_end_it_cannot_tell() -> None:
    """Nor with a single attempt."""
    (title,) = found(DOUBLING, attempts(1, ends=False))

    assert title == "INCONCLUSIVE the record has no wait between two attempts of print, so nothing can be judged."
    assert len(found(DOUBLING, attempts())) == 1


ALIVE, SILENT = [0.4, 0.8], [0.2]


@pytest.mark.parametrize(
    ("beats", "wait", "acquitted"),
    [
        (ALIVE, 1, True),
        (ALIVE, 5, False),
        (ALIVE, 0.5, False),
        (SILENT, 1, True),
        (SILENT, 5, True),
        (SILENT, 0.5, True),
        (SILENT, 0.4, False),
    ],
    ids=["alive", "late", "early", "silent", "silent-and-late", "given-up-in-time", "given-up-too-early"],
)
def test_an_attempt_that_fell_silent_is_not_followed_too_early(
    beats: list[float],
    wait: float,
    acquitted: bool,  # noqa: FBT001
) -> None:
    """The server alone knows when it gave it up, half a second after its start at the earliest, and then waits one."""
    events = [
        *attempts(wait, took=1),
        *(
            Heartbeat(
                workflow_id="trip-1",
                activity="print",
                activity_id="1",
                attempt=1,
                details=None,
                at=START + timedelta(seconds=beat),
            )
            for beat in beats
        ),
    ]

    titles = found(DOUBLING, events, scheduled(heartbeatTimeout="0.5s", startToCloseTimeout="60s"))

    assert (titles == []) is acquitted


@pytest.mark.parametrize(("initial", "coefficient"), [(timedelta(0), 2.0), (SECOND, 0.5)])
def test_a_policy_that_cannot_be_is_refused(initial: timedelta, coefficient: float) -> None:
    """Temporal refuses it, too, when the activity is scheduled."""
    with pytest.raises(UsageError, match="initial must be positive and coefficient >= 1"):
        RetrySchedule(activity="print", initial=initial, coefficient=coefficient)


def test_its_findings_refer_to_the_attempt() -> None:
    """So that a reader finds it in the timeline."""
    told = Evidence(scenario="made/up", seed=0, events=tuple(attempts(5)), histories=())

    (one,) = DOUBLING.judge(told)

    assert (one.verdict, one.refs) == (Verdict.FAILED, ("print attempt 1",))
