"""What an invariant may say of a run, and how runs are told apart."""

from __future__ import annotations

import pytest

from harness import Breach, ExploredRun
from harness.explore.model.explored_run import Verdicts, breaches, named
from tests.unit.explore.made import TOKEN, effect, made, ran


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (None, []),
        (True, []),
        ([], []),
        (False, ["judged does not hold."]),
        ("gone", ["gone"]),
        (Breach(what="gone"), ["gone"]),
        (["gone", Breach(what="lost")], ["gone", "lost"]),
    ],
)
def test_an_invariant_may_say_it_in_many_ways(said: Verdicts, told: list[str]) -> None:
    """Nothing, a sentence, several, or whether it holds."""

    def judged(_run: ExploredRun) -> Verdicts:
        return said

    assert [one.what for one in breaches(named(judged), ran())] == told


def test_an_assertion_that_fails_is_a_breach() -> None:
    """As in a test; the first line says it."""

    def paid(run: ExploredRun) -> None:
        assert run.effects, "nobody paid\nand more"

    assert [one.what for one in breaches(named(paid), ran())] == ["nobody paid"]
    assert named(paid).name == "paid"


def test_what_an_invariant_raises_otherwise_is_raised() -> None:
    """It has told nothing, and that is told elsewhere."""
    with pytest.raises(ZeroDivisionError):
        breaches(named(lambda _: str(1 // 0)), ran())


def test_runs_that_took_the_same_way_have_the_same_shape() -> None:
    """Whatever values they had, and however often something was tried again."""
    one = ran(effect("a", result=1), calls=(made("a", attempts=1),))
    other = ran(effect("a", result=2), calls=(made("a", attempts=3),))
    twice = ran(effect("a"), effect("a"), calls=(made("a"),))

    assert one.shape == other.shape
    assert one.shape != twice.shape


def test_values_are_compared_without_the_token() -> None:
    """Which differs from run to run."""
    assert ran().value({"id": f"order-{TOKEN}"}) == '{"id": "order-TOKEN"}'
