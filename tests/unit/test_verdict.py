"""Three verdicts, in order, and the findings that they come from."""

from __future__ import annotations

import itertools

import pytest

from harness.verdict import Verdict, worst
from tests.unit.builders import finding


def test_the_order_is_passed_inconclusive_failed() -> None:
    """What could not be told is worse than a pass, and better than a failure."""
    assert sorted(Verdict, reverse=True) == [Verdict.FAILED, Verdict.INCONCLUSIVE, Verdict.PASSED]


@pytest.mark.parametrize("verdicts", list(itertools.product(Verdict, repeat=2)), ids=str)
def test_the_worst_of_two_does_not_depend_on_their_order(verdicts: tuple[Verdict, Verdict]) -> None:
    """And it is never better than either of them."""
    assert worst(verdicts) == worst(reversed(verdicts)) == max(verdicts)


def test_the_worst_of_none_is_passed() -> None:
    """A judged run without findings held."""
    assert worst([]) is Verdict.PASSED


def test_a_finding_is_read_line_by_line() -> None:
    """Who found what, and the detail set in."""
    assert str(finding("it broke.", detail="one\ntwo")) == "no_orphans: it broke.\n    one\n    two"
    assert str(finding("it broke.")) == "no_orphans: it broke."
