"""Plurals agree, and long values are cut."""

from __future__ import annotations

import pytest

from harness.files.wording import and_more, counted, cut, listed, short, times


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 calls"), (1, "1 call"), (2, "2 calls")], ids=["none", "one", "several"]
)
def test_a_noun_agrees_with_its_number(number: int, text: str) -> None:
    """With an "s", or with a plural of its own."""
    assert counted(number, "call") == text
    assert counted(number, "child", "children") == text.replace("calls", "children").replace("call", "child")


def test_times_are_words_as_far_as_english_has_them() -> None:
    """The rest are numbers."""
    assert [times(number) for number in range(4)] == ["0 times", "once", "twice", "3 times"]


def test_a_long_value_is_cut() -> None:
    """To its bound, the mark included."""
    assert short(["x" * 500]) == "['" + "x" * 97 + "…"
    assert cut("x" * 100) == "x" * 100


def test_a_long_list_is_cut() -> None:
    """It is said how many more there are."""
    assert listed("abc") == "a, b, c"
    assert listed("abcde") == "a, b, c and 2 more"
    assert listed([]) == "none"
    assert [and_more(["a"]), and_more("abc")] == ["", " (and 2 more)"]
