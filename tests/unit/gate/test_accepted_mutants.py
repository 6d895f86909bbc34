"""Survivors that are accepted: until a day, by name, and noted when they are no longer needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from harness.gate.accepted_mutants import accept_all, with_accepted
from harness.gate.baseline import Waiver
from harness.mutate.fate import Fate, Mutation, Tried
from harness.verdict import Verdict
from tests.unit.mutate.made import MUTANT

TODAY = date(2026, 11, 29)


def tried(name: str, fate: Fate) -> Tried:
    """A mutant with a fate."""
    return Tried(mutant=replace(MUTANT, name=name), fate=fate)


def session(*of: Tried) -> Mutation:
    """A session with all mutants of one file."""
    return Mutation(tried=of, took=timedelta(1), trying=timedelta(1), whole_files=["app.py"])


def waiver(name: str, *, expires: date = TODAY) -> Waiver:
    """A waiver of one mutant."""
    return Waiver(scenario="app.py", finding=name, reason="we live with it", owner="Ada", expires=expires)


def test_an_accepted_survivor_does_not_count_until_its_last_day_has_passed() -> None:
    """The day itself still counts."""
    found = session(tried("run: a", Fate.SURVIVED), tried("run: b", Fate.CONVICTED))

    accepted = with_accepted(found, [waiver("run: a")], today=TODAY)
    expired = with_accepted(found, [waiver("run: a")], today=TODAY + timedelta(days=1))

    assert (accepted.verdict, accepted.score) == (Verdict.PASSED, 1.0)
    assert "we live with it" in accepted.tried[0].waived
    assert (expired.verdict, expired.score) == (Verdict.FAILED, 0.5)
    assert any("expired" in one for one in expired.notes)


def test_a_waiver_of_what_is_convicted_is_noted_and_goes_with_the_next_update() -> None:
    """And one of a file that was not mutated, or of which only some lines were, stays."""
    found = session(tried("run: a", Fate.CONVICTED), tried("run: b", Fate.SURVIVED))
    waivers = [waiver("run: a"), Waiver(**{**waiver("run: a").model_dump(), "scenario": "other.py"})]

    assert with_accepted(found, waivers, today=TODAY).notes == [
        "app.py run: a is waived, and was convicted or is gone; remove the waiver."
    ]
    assert [(one.scenario, one.finding) for one in accept_all(found, waivers, today=TODAY)] == [
        ("other.py", "run: a"),
        ("app.py", "run: b"),
    ]
