"""Where code stands, in the application's own files."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from harness.application_side.code_place import is_application, place


def test_libraries_are_left_out() -> None:
    """The line of the application that called them is what a person can change."""
    assert "test_code_place.py:" in place(sys._getframe())


def test_nothing_is_nowhere() -> None:
    """A thread that has no frame."""
    assert place(None) == ""


@pytest.mark.parametrize(
    "file", [asyncio.__file__, json.__file__, pytest.__file__, "<string>", "<frozen importlib._bootstrap>"]
)
def test_what_is_not_the_application(file: str) -> None:
    """Python's own files, installed ones, and code without a file."""
    assert not is_application(file)
    assert is_application(__file__)
