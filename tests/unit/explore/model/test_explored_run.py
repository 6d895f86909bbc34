"""How a run reads its evidence, and which runs took the same way."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio import activity

from harness import ExploredRun
from harness.errors import UsageError, WrongInvariant
from harness.evidence.history import Status
from harness.evidence.worker_built import WorkerBuilt
from harness.explore.model.invariant import named
from harness.judge import asked
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


@activity.defn(name="charge")
async def take_money() -> None:
    """Has another name than its function."""


class Bank:
    """Activities that are methods."""

    @activity.defn
    async def charge(self) -> None:
        """Named after the method."""


KNOWN = WorkerBuilt(worker="w", activities=("charge", "refund"))


@pytest.mark.parametrize(
    "named_", ["charge", take_money, Bank.charge, Bank().charge], ids=["name", "function", "method", "bound"]
)
def test_effects_are_those_of_the_function_the_method_or_the_name(named_: Any) -> None:
    """Whichever is at hand."""
    run = ran(effect("charge"), effect("refund"), events=[KNOWN])

    assert [one.activity for one in run.effects_of(named_)] == ["charge"]


def test_effects_of_an_activity_that_the_target_does_not_have_are_refused() -> None:
    """There would never be any, and an invariant about them would always hold."""
    run = ran(effect("charge"), events=[KNOWN])

    with pytest.raises(UsageError, match=r"unknown activity 'chrage'. Did you mean 'charge'"):
        run.effects_of("chrage")
    with pytest.raises(UsageError, match="is not an activity"):
        run.effects_of(print)
    assert run.effects_of("refund") == ()


def test_where_it_is_not_known_what_the_target_has_any_name_may_be_right() -> None:
    """As in the record of an older version, or where an activity takes every type."""
    assert ran(effect("charge")).effects_of("chrage") == ()
    assert ran(effect("charge"), events=[WorkerBuilt(worker="w", activities=("*",))]).effects_of("other") == ()


def test_an_invariant_about_an_unknown_activity_ends_the_exploration() -> None:
    """As a mistake of its author's, and not as a finding."""
    run = ran(effect("charge"), events=[KNOWN])

    def never_paid(run: ExploredRun) -> bool:
        return not run.effects_of("paid")

    with pytest.raises(WrongInvariant, match="never_paid: unknown activity 'paid'"):
        [*asked(named(never_paid), run.evidence)]
