"""Differences, and the list of those that are meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from harness import UsageError
from harness.replay.verdicts.drift import Allowed, Drift, read_allowed, shown

DRIFT = Drift(
    event=5, kind="ActivityTaskScheduled", name="charge", field="input[0].cents", recorded="5", now="6", site="a.py:1"
)
TODAY = date(2026, 11, 22)


def test_a_difference_is_told_in_one_line() -> None:
    """Where, what, then and now, and who asks for it."""
    told = "event 5 ActivityTaskScheduled charge: input[0].cents was 5, is now 6"

    assert str(DRIFT) == f"{told} (a.py:1)"
    assert str(replace(DRIFT, site="")) == told


@pytest.mark.parametrize(
    ("allowed", "passes"),
    [
        (Allowed(reason="r"), True),
        (Allowed(reason="r", workflow="Shop", kind="Activity*", name="ch*", field="input[0].*"), True),
        (Allowed(reason="r", field="input[1].*"), False),
        (Allowed(reason="r", workflow="Other"), False),
        (Allowed(reason="r", until=TODAY), True),
        (Allowed(reason="r", until=date(2026, 11, 21)), False),
    ],
)
def test_an_entry_allows_what_it_matches_until_its_day_is_over(allowed: Allowed, *, passes: bool) -> None:
    """Brackets in a field's name are brackets."""
    assert allowed.allows(DRIFT, workflow="Shop", today=TODAY) is passes


def test_a_list_is_read(tmp_path: Path) -> None:
    """In the order of the file."""
    file = tmp_path / "drift.toml"
    file.write_text('[[allow]]\nreason = "one"\nuntil = 2026-12-31\n[[allow]]\nreason = "two"\n')

    assert [(one.reason, one.until) for one in read_allowed(file)] == [("one", date(2026, 12, 31)), ("two", None)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[allow]]\nfeild = 'x'\n", "allow.0.reason.*\n.*allow.0.feild"),
        ("[allow", "not TOML"),
        (None, "cannot be read"),
    ],
)
def test_a_list_that_makes_no_sense_is_a_mistake(tmp_path: Path, text: str | None, words: str) -> None:
    """Every problem at once."""
    file = tmp_path / "drift.toml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(UsageError, match=words):
        read_allowed(file)


def test_values_are_shown_for_people() -> None:
    """Durations in seconds, long ones cut."""
    assert shown(["start_to_close_timeout"], 1_500_000_000) == "1.5 s"
    assert shown(["heartbeat_timeout"], 0) == "none"
    assert shown(["result"], 3) == "3"
    assert len(shown(["result"], "x" * 1000)) < 250
