"""What became of a history, and what is made of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from harness import Verdict
from harness.replay.verdicts.drift import Allowed
from harness.replay.verdicts.judgement import BreakAge, Judgement, NotJudged, ReplayOutcome, from_json, to_json
from harness.replay.verdicts.summary import ReplayPolicy, Summary
from tests.unit.replay.verdicts.test_drift import DRIFT

SOUND = Judgement(file="a.json", workflow="Shop", events=10)
DRIFTED = replace(SOUND, drifts=(DRIFT,))
BROKEN = replace(
    SOUND,
    outcome=ReplayOutcome.NON_DETERMINISTIC,
    event=5,
    recorded="A",
    issued="B",
    break_age=BreakAge(event=5, kind="X"),
)
ONLY_CLOSED = replace(BROKEN, break_age=BreakAge(event=0))
MOVED = replace(SOUND, drifts=(DRIFT, replace(DRIFT, moved=True)))
NOT_BEGUN = replace(SOUND, outcome=ReplayOutcome.NOT_BEGUN, closed=False)
UNREADABLE = replace(SOUND, outcome=ReplayOutcome.CANNOT_BE_JUDGED, reason=NotJudged.GAP, message="a hole.")


@pytest.mark.parametrize(
    ("judgement", "plainly", "strict", "open_only"),
    [
        (SOUND, Verdict.PASSED, Verdict.PASSED, Verdict.PASSED),
        (DRIFTED, Verdict.PASSED, Verdict.FAILED, Verdict.PASSED),
        (MOVED, Verdict.FAILED, Verdict.FAILED, Verdict.FAILED),
        (NOT_BEGUN, Verdict.PASSED, Verdict.PASSED, Verdict.PASSED),
        (BROKEN, Verdict.FAILED, Verdict.FAILED, Verdict.FAILED),
        (ONLY_CLOSED, Verdict.FAILED, Verdict.FAILED, Verdict.PASSED),
        (replace(BROKEN, break_age=None), Verdict.FAILED, Verdict.FAILED, Verdict.FAILED),
        (UNREADABLE, Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE),
    ],
)
def test_a_policy_decides_what_is_red(
    judgement: Judgement, plainly: Verdict, strict: Verdict, open_only: Verdict
) -> None:
    """What nobody could judge is never green."""
    policies = (ReplayPolicy(), ReplayPolicy(strict=True), ReplayPolicy(open_only=True))

    assert [one.verdict(judgement) for one in policies] == [plainly, strict, open_only]


@pytest.mark.parametrize("judgement", [SOUND, MOVED, NOT_BEGUN, BROKEN, ONLY_CLOSED, UNREADABLE])
def test_a_judgement_survives_the_way_between_processes(judgement: Judgement) -> None:
    """As JSON and back."""
    assert from_json(to_json(judgement)) == judgement


def test_a_title_stands_alone() -> None:
    """Whatever came of it."""
    assert [one.title for one in (SOUND, DRIFTED, MOVED, NOT_BEGUN, BROKEN, UNREADABLE)] == [
        "replays",
        "replays, with 1 difference",
        "replays, but calls changed places (2 differences)",
        "has not begun: no workflow task was completed, so no change of the code can break it",
        "non-deterministic at event 5: recorded A, now B",
        "cannot be judged (gap): a hole.",
    ]


def test_what_is_allowed_is_taken_out_and_counted() -> None:
    """So that strict passes."""
    policy = ReplayPolicy(strict=True, allowed=[Allowed(reason="meant", name="charge")], today=date(2026, 11, 22))
    passed = policy.passed(DRIFTED)

    assert (passed.drifts, passed.allowed, policy.verdict(passed)) == ((), 1, Verdict.PASSED)


def test_what_is_allowed_no_more_is_named() -> None:
    """The entry has to go, or to be renewed."""
    old = Allowed(reason="meant", until=date(2026, 1, 1))

    assert ReplayPolicy(allowed=[old], today=date(2026, 11, 22)).expired == [old]


def summary(*judgements: Judgement, policy: ReplayPolicy | None = None) -> Summary:
    """A session with these."""
    return Summary(judgements=judgements, policy=policy or ReplayPolicy(), took=timedelta(seconds=2))


def test_a_session_is_as_bad_as_its_worst_history() -> None:
    """And one without any proves nothing."""
    assert summary(SOUND, DRIFTED).verdict is Verdict.PASSED
    assert summary(SOUND, UNREADABLE, BROKEN).verdict is Verdict.FAILED
    assert summary().verdict is Verdict.INCONCLUSIVE


def test_a_session_is_counted() -> None:
    """In one line."""
    told = summary(SOUND, DRIFTED, BROKEN, UNREADABLE)

    assert told.counts == (
        "1 cannot be judged, 1 non-deterministic, 2 replay, 1 with drift (--strict would say FAILED); "
        "40 events in 2.00 s"
    )
    assert told.red == [BROKEN, UNREADABLE]
