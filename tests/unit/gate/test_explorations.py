"""What an exploration has to say to a gate: findings, what is waived, what is left, and why nothing is proven."""

from __future__ import annotations

from typing import Any

from harness.files.places import Place
from harness.gate.explorations import reasons_of
from harness.results import Kind, Reason
from harness.verdict import Finding, Harm


def finding(**given: Any) -> dict[str, Any]:
    """A finding of a report."""
    plain = {"id": "no_orphans|charge", "title": "a charge stands.", "schedule": "charge#1:lost_last"}
    about = {"invariant": "no_orphans", "harm": "EFFECTS", "place": {"path": "shop.py", "line": 3}}
    return {**plain, **about, "verdict": "FAILED", "waived": "", **given}


def report(*findings: dict[str, Any], **given: Any) -> dict[str, Any]:
    """A report of an exploration that was complete."""
    verdict = max(
        (one["verdict"] for one in findings), default="PASSED", key=["PASSED", "INCONCLUSIVE", "FAILED"].index
    )
    whole = {"target": "shop.py", "verdict": verdict, "interrupted": False, "unclear": [], "findings": list(findings)}
    return whole | {"explored": [{"faults": 1, "explored": 9, "of": 9}]} | given


def said(data: dict[str, Any], *, complete: bool = False, amber: bool = False) -> list[Reason]:
    """What is said of a report."""
    return list(reasons_of(data, complete=complete, amber=amber))


def test_a_finding_is_told_with_the_schedule_that_shows_it() -> None:
    """One that is waived is noted; one that is excluded is nobody's failure; none is nothing."""
    [red] = said(report(finding()))
    [waived] = said(report(finding(verdict="PASSED", waived="Waived until 2027-01-01: known (owner: us).")))

    assert (red.kind, red.name, red.finding) == (Kind.EXPLORED, "shop.py", "no_orphans|charge")
    assert red.what == "a charge stands. (--only 'charge#1:lost_last')"
    assert red.found == Finding(oracle="no_orphans", title="a charge stands.", harm=Harm.EFFECTS, subject="charge")
    assert red.place == Place(path="shop.py", line=3)
    assert said(report(finding(place=None)))[0].place is None
    assert waived.kind is Kind.WAIVED
    assert "Waived until 2027-01-01: known (owner: us)." in waived.what
    assert said(report(finding(verdict="PASSED"))) == []
    assert said(report()) == []


def test_what_did_not_come_again_is_as_the_policy_says() -> None:
    """Red, or noted."""
    data = report(finding(verdict="INCONCLUSIVE"))

    assert [one.kind for one in said(data)] == [Kind.EXPLORED]
    assert [one.kind for one in said(data, amber=True)] == [Kind.INCONCLUSIVE]


def test_an_exploration_that_proves_nothing_says_why() -> None:
    """In its own words, or in ours."""
    [unclear] = said(report(verdict="INCONCLUSIVE", unclear=["it takes another way each time."]))
    [missed] = said(report(verdict="INCONCLUSIVE"))
    [noted] = said(report(verdict="INCONCLUSIVE"), amber=True)
    schedules = [{"name": f"pay#{nth}:lost", "unclear": ["it did not strike."]} for nth in (1, 2)]
    [some] = said(report(verdict="INCONCLUSIVE", schedules=schedules))
    [hasty, _] = said(report(verdict="INCONCLUSIVE", explored=[{"faults": 1, "explored": 0, "of": 9}]))

    assert some.what == "pay#1:lost: it did not strike. (and 1 more)"
    assert hasty.what == "nothing was explored within its budget."
    assert (unclear.kind, unclear.what) == (Kind.EXPLORED, "it takes another way each time.")
    assert missed.kind is Kind.EXPLORED
    assert noted.kind is Kind.INCONCLUSIVE


def test_what_the_budget_left_is_noted_unless_all_is_wanted() -> None:
    """With how much it was."""
    shares = [{"faults": 1, "explored": 9, "of": 9}, {"faults": 2, "explored": 3, "of": 40}]
    [noted] = said(report(explored=shares))
    [red] = said(report(explored=shares), complete=True)

    assert (noted.kind, noted.what) == (Kind.SKIPPED, "3 of 40 pairs were explored.")
    assert red.kind is Kind.EXPLORED


def test_one_that_was_ended_from_outside_is_partial() -> None:
    """Whatever it found so far."""
    kinds = [one.kind for one in said(report(interrupted=True, verdict="INCONCLUSIVE"))]

    assert kinds == [Kind.INTERRUPTED]
