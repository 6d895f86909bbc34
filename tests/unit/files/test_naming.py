"""How a class gives its kind a name."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import AtMostOnce, HttpError
from harness.files.naming import camel_case, kind_of, snake_case


@pytest.mark.parametrize(
    ("camel", "snake"), [("HttpError", "http_error"), ("After", "after"), ("AtMostOnce", "at_most_once")]
)
def test_a_class_and_its_file_are_named_alike(camel: str, snake: str) -> None:
    """Either name gives the other."""
    assert snake_case(camel) == snake
    assert camel_case(snake) == camel


def test_a_value_is_of_the_kind_that_its_class_names() -> None:
    """Faults and oracles are known by the same name as their files."""
    assert kind_of(HttpError(on=Flights.book)) == "http_error"
    assert kind_of(AtMostOnce(of=Flights.book)) == "at_most_once"
