"""A worker that died makes no difference to anybody outside."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import Evidence, Verdict
from harness.oracles.same_as_without_crash import same_as
from tests.unit.builders import applied, closed, completed, evidence, failed, failure, judged, undone

CALM = evidence(applied(Flights.book), completed({"success": True, "key": "trip-1:flight"}))


def test_the_same_ending_and_effects_are_acquitted() -> None:
    """The workflow's own id, which no two runs share, is not compared."""
    history = completed({"success": True, "key": "trip-2:flight"}, workflow_id="trip-2")

    assert judged(same_as(CALM), applied(Flights.book), history) == []


ENDS = "the workflow ends differently when a worker dies:"


@pytest.mark.parametrize(
    ("other", "title"),
    [
        (
            evidence(applied(Flights.book), closed("Canceled")),
            f"{ENDS} status is Canceled, without the crash Completed (and 1 more).",
        ),
        (
            evidence(applied(Flights.book), completed({"success": False, "key": "trip-1:flight"})),
            f"{ENDS} result.success is False, expected True.",
        ),
        (
            evidence(
                applied(Flights.book),
                applied(Flights.book, key="k2", nth=2),
                completed({"success": True, "key": "trip-1:flight"}),
            ),
            "effects when a worker dies: flights.book, flights.book; without the crash: flights.book.",
        ),
        (
            evidence(
                applied(Flights.book),
                undone(Flights.cancel),
                completed({"success": True, "key": "trip-1:flight"}),
            ),
            "effects when a worker dies: flights.book, flights.cancel; without the crash: flights.book.",
        ),
    ],
    ids=["status", "result", "effect twice", "effect undone"],
)
def test_a_difference_is_convicted(other: Evidence, title: str) -> None:
    """Whichever it is."""
    found = list(same_as(CALM).judge(other))

    assert [(one.title, one.verdict) for one in found] == [(title, Verdict.FAILED)]


def test_another_failure_is_convicted() -> None:
    """A workflow that fails must fail for the same reason."""
    calm = evidence(failed(failure("application", "no", type="Declined")))

    (found,) = judged(same_as(calm), failed(failure("application", "no", type="Lost")))

    assert "application Lost" in found.detail
