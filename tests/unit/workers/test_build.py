"""What is recorded of the application's attempts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from harness.workers.attempt_recorder import error_chain


def raised(how: Callable[[], object]) -> Exception:
    """The exception that a function raises."""
    try:
        how()
    except Exception as error:  # noqa: BLE001 - whichever it is
        return error
    raise AssertionError("nothing was raised")


def plain() -> None:
    """Raise one exception."""
    raise ValueError("seats")


def caused() -> None:
    """Raise one because of another."""
    try:
        plain()
    except ValueError as error:
        raise RuntimeError("booking") from error


def in_a_handler() -> None:
    """Raise one while another is handled."""
    try:
        plain()
    except ValueError:
        raise RuntimeError("booking")  # noqa: B904 - the point


def hidden() -> None:
    """Raise one and hide the other."""
    try:
        plain()
    except ValueError:
        raise RuntimeError("booking") from None


def grouped() -> None:
    """Raise several at once, one of them with a cause of its own."""
    raise ExceptionGroup("two calls", [raised(caused), TimeoutError("late")])


def circular() -> None:
    """Raise one that is its own cause's cause."""
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    raise first


@pytest.mark.parametrize(
    ("how", "chain"),
    [
        (plain, ["ValueError: seats"]),
        (caused, ["RuntimeError: booking", "ValueError: seats"]),
        (in_a_handler, ["RuntimeError: booking", "ValueError: seats"]),
        (hidden, ["RuntimeError: booking"]),
        (
            grouped,
            [
                "ExceptionGroup: two calls (2 sub-exceptions)",
                "RuntimeError: booking",
                "TimeoutError: late",
                "ValueError: seats",
            ],
        ),
        (circular, ["ValueError: first", "ValueError: second"]),
    ],
)
def test_an_error_is_told_with_what_is_behind_it(how: Callable[[], object], chain: list[str]) -> None:
    """Causes, contexts and members of groups, each once; what was hidden on purpose stays hidden."""
    assert list(error_chain(raised(how))) == chain
