"""The workflow ends as it should: its status, its result, its failure and what is behind it."""

from __future__ import annotations

from typing import Any

import pytest

from harness import Outcome, Status, UsageError, Verdict
from tests.unit.builders import closed, completed, failed, failure, history, judged, verdict_of

DECLINED = failure(
    "activity",
    "Activity task failed",
    cause=failure("application", "no seats", type="FlightDeclined", nonRetryable=True),
)


def test_the_expected_end_is_acquitted() -> None:
    """Completed with anything, unless more is said."""
    assert judged(Outcome(), completed({"anything": 1})) == []


@pytest.mark.parametrize("ending", [failed(), closed("CANCELED"), closed("TERMINATED"), closed("TIMED_OUT"), history()])
def test_another_status_convicts(ending: Any) -> None:
    """Whatever the workflow is instead of Completed, also still open."""
    (found,) = judged(Outcome(result={"success": True}), ending)

    assert found.verdict is Verdict.FAILED
    because = " (application Declined: no seats)" if ending.outcome.failure else ""
    assert found.title == f"the workflow ended as {ending.outcome.status}, expected Completed{because}."


def test_the_title_says_what_differs() -> None:
    """The first difference, how many more there are, and never more than a line or two."""
    (field,) = judged(Outcome(result={"success": True, "fee": 1}), completed({"success": False, "fee": 2}))
    (whole,) = judged(Outcome(result="hello"), completed("goodbye"))
    (long,) = judged(Outcome(result="hello"), completed("x" * 10_000))

    assert field.title == "result: success is False, expected True (and 1 more)."
    assert whole.title == "result is 'goodbye', expected 'hello'."
    assert len(long.title) < 300


def test_a_run_without_a_history_convicts() -> None:
    """A workflow that left no history did not complete."""
    assert verdict_of(judged(Outcome())) is Verdict.FAILED


def test_a_failure_shows_its_whole_chain_where_success_was_expected() -> None:
    """The reader sees why, down to the root."""
    (found,) = judged(Outcome(), failed(DECLINED))

    assert found.detail == "failure: activity: Activity task failed <- application FlightDeclined: no seats"


def test_the_last_run_of_a_continued_workflow_decides() -> None:
    """Its first run ended as ContinuedAsNew; the workflow ended as its last one did."""
    runs = [
        closed("CONTINUED_AS_NEW", run_id="r1"),
        completed({"n": 2}, run_id="r2"),
        completed({"n": 99}, workflow_id="a-child", run_id="r3"),
    ]

    assert judged(Outcome(result={"n": 2}), *runs) == []
    assert verdict_of(judged(Outcome(status=Status.CONTINUED_AS_NEW), *runs)) is Verdict.FAILED


def test_a_result_is_compared_on_the_keys_given() -> None:
    """A key that is not asked about may hold anything; one that is must hold what was said."""
    ending = completed({"success": False, "bookings": {}, "error": "no seats"})
    (found,) = judged(Outcome(result={"success": True, "refunds": 1}), ending)

    assert judged(Outcome(result={"success": False, "bookings": {}}), ending) == []
    assert found.detail.splitlines()[:2] == ["success is False, expected True", "refunds is missing, expected 1"]


def test_an_empty_mapping_is_not_any_mapping() -> None:
    """Expecting no bookings convicts a workflow that left one."""
    found = judged(Outcome(result={"bookings": {}}), completed({"bookings": {"hotel": "h1"}}))

    assert verdict_of(found) is Verdict.FAILED


@pytest.mark.parametrize("chain", [["activity"], ["activity", "application FlightDeclined"]])
def test_a_failure_is_compared_as_far_as_it_is_given(chain: list[str]) -> None:
    """What comes behind the last link given is not looked at."""
    assert judged(Outcome(status=Status.FAILED, failure=chain), failed(DECLINED)) == []


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param(["application FlightDeclined"], id="outermost-is-another"),
        pytest.param(["activity", "application Declined"], id="another-type"),
        pytest.param(["activity", "application FlightDeclined", "timeout START_TO_CLOSE"], id="deeper-than-it-goes"),
    ],
)
def test_another_failure_convicts(chain: list[str]) -> None:
    """The finding shows the chain that came."""
    (found,) = judged(Outcome(status=Status.FAILED, failure=chain), failed(DECLINED))

    assert found.detail.splitlines()[1] == "seen: activity <- application FlightDeclined"


def test_a_timeout_is_named_by_its_type() -> None:
    """Which timeout expired is part of what is expected."""
    timed_out = failed(failure("activity", cause=failure("timeout", timeoutType="TIMEOUT_TYPE_START_TO_CLOSE")))
    expected = Outcome(status=Status.FAILED, failure=["activity", "timeout START_TO_CLOSE"])

    assert judged(expected, timed_out) == []


@pytest.mark.parametrize("wrong", ["application Declined", "", [], ()], ids=repr)
def test_a_failure_that_could_never_or_always_match_is_refused(wrong: Any) -> None:
    """One text instead of a sequence of texts, and an empty sequence, are mistakes."""
    with pytest.raises(UsageError, match="failure must be a tuple such as"):
        Outcome(status=Status.FAILED, failure=wrong)
