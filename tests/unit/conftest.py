"""Unit tests open no socket; one that tries fails with the place where it did."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

# The same examples every time, however slow the machine: a unit test that fails has found something.
settings.register_profile("unit", deadline=None, derandomize=True)
settings.load_profile("unit")

_unit_test_runs = False


def _refuse_sockets(event: str, arguments: tuple[object, ...]) -> None:
    if not _unit_test_runs or event not in {"socket.bind", "socket.connect", "socket.getaddrinfo"}:
        return
    # Without a socket it is a test that says what the interpreter would say.
    if arguments[0] is not None:
        raise AssertionError(f"a unit test opens a socket: {event} {arguments[1:]}; it belongs to tests/live.")


sys.addaudithook(_refuse_sockets)


@pytest.fixture(autouse=True)
def no_sockets() -> Iterator[None]:
    """Refuse sockets while a unit test runs."""
    global _unit_test_runs  # noqa: PLW0603 - an audit hook cannot be taken back, only told to look away
    _unit_test_runs = True
    yield
    _unit_test_runs = False
