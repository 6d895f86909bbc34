"""Three verdicts, in order, and the findings that they come from."""

from __future__ import annotations

import itertools

import pytest

from harness.verdict import Finding, Harm, Verdict, by_harm, worst
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


def test_the_most_harmful_finding_comes_first() -> None:
    """Effects, outcome, order, counts; then what is INCONCLUSIVE, for which the harness's own reason is the cause."""

    def one(verdict: Verdict, harm: Harm) -> Finding:
        return Finding(oracle=f"{verdict.name} {harm.name}", verdict=verdict, harm=harm, title="it broke.")

    found = [one(verdict, harm) for verdict in (Verdict.INCONCLUSIVE, Verdict.FAILED) for harm in Harm]

    assert [finding.oracle for finding in by_harm(found)] == [
        "FAILED EFFECTS",
        "FAILED OUTCOME",
        "FAILED ORDER",
        "FAILED COUNTS",
        "FAILED HARNESS",
        "INCONCLUSIVE HARNESS",
        "INCONCLUSIVE EFFECTS",
        "INCONCLUSIVE OUTCOME",
        "INCONCLUSIVE ORDER",
        "INCONCLUSIVE COUNTS",
    ]


def test_findings_of_equal_harm_keep_their_order() -> None:
    """The order in which the scenario declares its oracles."""
    found = [finding("a."), finding("b."), finding("c.")]

    assert by_harm(found) == tuple(found)
