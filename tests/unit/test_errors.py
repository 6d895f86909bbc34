"""Errors say what came, what is possible, what to do."""

from __future__ import annotations

import pytest

from harness.errors import EnvironmentUnavailable, UsageError, nearest, ungrouped, unknown

NAMES = ["saga/flight_declined", "saga/all_well", "saga/flights_down"]


def test_an_unknown_name_is_told_with_the_nearest_and_all_others() -> None:
    """One sentence with the guess, one with everything there is, sorted."""
    assert unknown("scenario", "saga/flight_decline", NAMES) == (
        "unknown scenario 'saga/flight_decline'. Did you mean 'saga/flight_declined'? "
        "Available: saga/all_well, saga/flight_declined, saga/flights_down."
    )


@pytest.mark.parametrize("name", ["", "quite another thing", "x"])
def test_nothing_near_is_no_guess(name: str) -> None:
    """A wrong guess is worse than none."""
    assert "Did you mean" not in unknown("scenario", name, NAMES)


def test_where_there_is_nothing_no_list_is_promised() -> None:
    """An empty catalogue says so."""
    assert unknown("fake", "bank", []) == "unknown fake 'bank': there is none to choose from."


@pytest.mark.parametrize("typo", ["saga/flihgt_declined", "flight_declined", "SAGA/FLIGHT_DECLINED"])
def test_a_typo_is_guessed(typo: str) -> None:
    """Swapped letters, a forgotten pattern, another case."""
    assert nearest(typo, NAMES) == "saga/flight_declined"


def test_a_usage_error_keeps_its_problems_apart() -> None:
    """All of them in one error, each on a line of its own."""
    error = UsageError("first.", "second.")

    assert error.problems == ("first.", "second.")
    assert str(error) == "first.\nsecond."


def test_lost_parts_leave_a_group_as_one_error_with_every_text() -> None:
    """Two servers that cannot be had are told together, and the same text once."""
    missing = [
        EnvironmentUnavailable("no server."),
        EnvironmentUnavailable("no proxy."),
        EnvironmentUnavailable("no server."),
    ]

    with pytest.raises(EnvironmentUnavailable, match=r"^no server\.\nno proxy\.$"), ungrouped():
        raise ExceptionGroup("both", missing)


def test_another_error_in_the_group_is_not_hidden() -> None:
    """A bug of ours beside a lost server stays a group with both."""
    with pytest.raises(ExceptionGroup) as raised, ungrouped():
        raise ExceptionGroup("both", [EnvironmentUnavailable("no server."), ZeroDivisionError()])

    assert len(raised.value.exceptions) == 2


def test_what_is_no_group_passes_through() -> None:
    """Also a single lost server."""
    with pytest.raises(EnvironmentUnavailable, match="alone"), ungrouped():
        raise EnvironmentUnavailable("alone")
