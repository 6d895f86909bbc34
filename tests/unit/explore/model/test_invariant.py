"""What an invariant may return of a run; it is an oracle."""

from __future__ import annotations

import pytest

from harness import ExploredRun, Finding, Oracle, Verdict
from harness.explore.model.invariant import Answer, Invariant, named
from tests.unit.explore.made import effect, ran


def titles(invariant: Invariant, run: ExploredRun) -> list[str]:
    """What it finds."""
    return [one.title for one in invariant.judge(run.evidence)]


@pytest.mark.parametrize(
    ("returned", "found"),
    [
        (None, []),
        (True, []),
        ([], []),
        (False, ["check does not hold."]),
        ("gone", ["gone"]),
        (Finding(title="gone"), ["gone"]),
        (["gone", Finding(title="lost")], ["gone", "lost"]),
    ],
)
def test_an_invariant_may_say_it_in_many_ways(returned: Answer, found: list[str]) -> None:
    """Nothing, a sentence, several, or whether it holds."""

    def check(_run: ExploredRun) -> Answer:
        return returned

    assert titles(named(check), ran()) == found


def test_an_assertion_that_fails_is_a_finding() -> None:
    """As in a test; the first line says it."""

    def paid(run: ExploredRun) -> None:
        assert run.effects, "nobody paid\nand more"

    assert titles(named(paid), ran()) == ["nobody paid"]
    assert named(paid).name == "paid"


def test_what_an_invariant_raises_otherwise_is_raised() -> None:
    """It has said nothing, and the judge reports that."""
    with pytest.raises(ZeroDivisionError):
        titles(named(lambda _: str(1 // 0)), ran())


def test_its_findings_have_its_name_and_what_would_undo_them() -> None:
    """An advisory one fails nothing."""
    invariant = Invariant(name="kept", check=lambda _: Finding(title="gone", subject="charge"), undoes=frozenset("r"))
    advisory = Invariant(name="kept", check=lambda _: "gone", advisory=True)
    (found,), (advice,) = (list(one.judge(ran().evidence)) for one in (invariant, advisory))

    assert isinstance(invariant, Oracle)
    assert (found.id, found.verdict, found.undone_by) == ("kept|charge", Verdict.FAILED, frozenset("r"))
    assert advice.verdict is Verdict.PASSED


def test_of_a_run_that_did_not_end_it_is_not_asked() -> None:
    """What was left half done might yet have been undone."""
    assert titles(Invariant(name="n", check=lambda _: "left"), ran(effect("charge"), open="a timer")) == []
