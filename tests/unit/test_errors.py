"""Errors say what came, what is possible, what to do."""

from __future__ import annotations

import pytest

from harness.errors import EnvironmentUnavailable, UsageError, nearest, ungrouped, unknown

NAMES = ["saga/flight_declined", "saga/all_well", "saga/flights_down"]


def test_an_unknown_name_gets_a_guess_and_the_possible_names() -> None:
    """One sentence with the guess, one with all possible names, sorted."""
    assert unknown("scenario", "saga/flight_decline", NAMES) == (
        "unknown scenario 'saga/flight_decline'. Did you mean 'saga/flight_declined'? "
        "Available: saga/all_well, saga/flight_declined, saga/flights_down."
    )


@pytest.mark.parametrize("name", ["", "quite another thing", "x"])
def test_without_a_similar_name_nothing_is_guessed(name: str) -> None:
    """A wrong guess is worse than none."""
    assert "Did you mean" not in unknown("scenario", name, NAMES)


def test_without_any_name_the_message_says_that_none_exist() -> None:
    """It lists nothing."""
    assert unknown("fake", "bank", []) == "unknown fake 'bank'; none exist."


def test_of_many_names_the_five_nearest_are_listed_with_how_to_list_all() -> None:
    """A user reads five names, not hundreds."""
    many = [*NAMES, *(f"cart/number_{number}" for number in range(265))]

    assert unknown("scenario", "saga/flihgt_declined", many, list_all="harness list") == (
        "unknown scenario 'saga/flihgt_declined'. Did you mean 'saga/flight_declined'? "
        "Nearest of 268: saga/flight_declined, saga/flights_down, saga/all_well, cart/number_0, cart/number_1. "
        "List all of them with `harness list`."
    )


def test_up_to_ten_names_are_all_listed() -> None:
    """With an eleventh, only the nearest five."""
    ten = [f"saga/{letter}" for letter in "abcdefghij"]

    assert unknown("scenario", "x", ten).count("saga/") == 10
    assert unknown("scenario", "x", [*ten, "saga/k"]).count("saga/") == 5


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
    """Errors of two servers are one error, and the same text is in it once."""
    missing = [
        EnvironmentUnavailable("no server."),
        EnvironmentUnavailable("no proxy."),
        EnvironmentUnavailable("no server."),
    ]

    with pytest.raises(EnvironmentUnavailable, match=r"^no server\.\nno proxy\.$"), ungrouped():
        raise ExceptionGroup("both", missing)


def test_another_error_in_the_group_is_not_hidden() -> None:
    """A bug in the harness beside a lost server stays a group with both."""
    with pytest.raises(ExceptionGroup) as raised, ungrouped():
        raise ExceptionGroup("both", [EnvironmentUnavailable("no server."), ZeroDivisionError()])

    assert len(raised.value.exceptions) == 2


def test_an_error_outside_a_group_is_unchanged() -> None:
    """Also a single lost server."""
    with pytest.raises(EnvironmentUnavailable, match="alone"), ungrouped():
        raise EnvironmentUnavailable("alone")


def test_a_slip_of_the_finger_comes_before_parts_of_words() -> None:
    """A longer name that happens to have the letters in it is not what was meant."""
    assert nearest("sage", ["external_storage", "saga"]) == "saga"
    assert nearest("storage", ["external_storage", "saga"]) == "external_storage"
