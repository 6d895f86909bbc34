"""An activity is recognized by what its decorator leaves: without that, no target has any activity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from temporalio import activity
from temporalio.common import RawValue

from harness.errors import UsageError
from harness.library_internals.activity_definition import ActivityType, activity_type, is_activity


@activity.defn
def charge() -> None:
    """Named after the function."""


@activity.defn(name="refund it")
async def refund() -> None:
    """Has a type of its own."""


@activity.defn(dynamic=True)
async def anything(_args: Sequence[RawValue]) -> None:
    """Accepts every type."""


class Payments:
    """Activities that are methods."""

    @activity.defn
    def pay(self) -> None:
        """Named after the method."""


@pytest.mark.parametrize(
    ("made", "name"),
    [
        (charge, "charge"),
        (refund, "refund it"),
        (Payments().pay, "pay"),
        pytest.param(Payments.pay, "pay", id="unbound"),
        (anything, None),
    ],
)
def test_a_decorated_function_or_method_has_a_type(made: Any, name: str | None) -> None:
    """As the SDK's worker registers it; None for one that accepts every type."""
    assert is_activity(made)
    assert activity_type(made) == name


@pytest.mark.parametrize("value", [len, Payments, "charge"])
def test_nothing_else_is_an_activity(value: object) -> None:
    """Neither an ordinary function, nor the class of an activity's method, nor its name."""
    assert not is_activity(value)


@pytest.mark.parametrize(
    ("name", "one"),
    [("charge", charge), ("refund it", refund), ("pay", Payments.pay), ("pay", Payments().pay)],
    ids=["function", "with-a-name", "method", "bound-method"],
)
def test_a_type_equals_the_function_that_has_it(name: str, one: object) -> None:
    """And no other one; in a list of functions it is found, too."""
    equal: object = ActivityType(name)

    assert equal == one
    assert equal != anything
    assert equal in [anything, one]
    assert equal == name
    assert hash(equal) == hash(name)


def test_a_type_is_not_compared_with_what_is_no_activity() -> None:
    """That would be False for ever."""
    other: object = test_a_type_equals_the_function_that_has_it
    with pytest.raises(UsageError, match=r"lacks @activity\.defn"):
        assert ActivityType("charge") == other
