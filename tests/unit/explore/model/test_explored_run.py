"""How a run reads its evidence, and which runs took the same way."""

from __future__ import annotations

from harness import ExploredRun
from harness.evidence.history import Status
from tests.unit.explore.made import TOKEN, effect, made, ran


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


def test_a_run_is_read_from_its_evidence_once() -> None:
    """Whoever judges it shares what was read."""
    run = ran(effect("charge"), schedule="charge#1:lost", world={"balance": 3}, stuck="no", undoes=[("refund", "b.r")])

    assert run.evidence.read_as(ExploredRun) is run
    assert (str(run.schedule), run.token, run.world) == ("charge#1:lost", TOKEN, {"balance": 3})
    assert [str(one) for one in run.reached] == ["charge#1:lost"]
    assert (run.stuck or ("", ""))[0] == "no"
    assert not run.ended
    assert run.undoes == {("refund", "b.r")}
    assert [one.lane for one in run.timeline] == ["fault", "activity", "workflow"]


def test_a_run_that_is_freed_keeps_how_it_went() -> None:
    """Its shape, its effects and its end; not its whole histories, and its timeline only where somebody reads it."""
    run = ran(effect("charge"), schedule="charge#1:lost", calls=(made("charge"),), status=Status.FAILED)
    freed = run.freed(timeline=False)

    assert (freed.shape, freed.outcome, freed.reached, freed.failed) == (run.shape, run.outcome, run.reached, True)
    assert [len(one.events) for one in freed.histories] == [1]
    assert len(run.freed(timeline=True).timeline) == len(run.timeline)
