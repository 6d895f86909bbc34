"""Whom conserved convicts, and whom it acquits."""

from __future__ import annotations

import pytest

from harness import Effect, conserved
from harness.errors import UsageError, WrongInvariant
from harness.evidence.history import Status
from tests.unit.explore.made import effect, found_by, ran

SIGN = {"withdraw": -1, "deposit": 1, "refund": 1}


def amount(one: Effect) -> int:
    """What it adds to the money that is about."""
    return SIGN.get(one.activity, 0) * 10


def test_money_that_is_gone_is_told() -> None:
    """With what was added up."""
    (found,) = found_by(conserved(amount), ran(effect("withdraw", result="w"), status=Status.FAILED))

    assert found.title == "the effects add up to -10, expected 0: withdraw -10."


def test_what_is_given_back_or_arrives_is_conserved() -> None:
    """Either way."""
    assert found_by(conserved(amount), ran(effect("withdraw"), effect("deposit"))) == []
    assert found_by(conserved(amount), ran(effect("withdraw"), effect("refund"), status=Status.FAILED)) == []


def test_a_repetition_that_was_recognised_counts_once() -> None:
    """It returned what the first one did."""
    run = ran(effect("withdraw", result="w"), effect("withdraw", attempt=2, result="w"), effect("deposit"))

    assert found_by(conserved(amount), run) == []


def test_nothing_is_said_of_a_run_that_has_not_ended() -> None:
    """The money may be on its way."""
    assert found_by(conserved(amount), ran(effect("withdraw"), open="a timer")) == []


def test_an_amount_that_is_always_0_is_refused() -> None:
    """It adds up to nothing, whatever happens."""
    with pytest.raises(WrongInvariant, match=r"`amount` is 0 for every effect of the fault-free run \(pay\)"):
        found_by(conserved(amount), ran(effect("pay")))
    with pytest.raises(UsageError, match="must be a function of an effect, got 'amount'"):
        conserved("amount")  # type: ignore[arg-type]  # the point of it


def test_an_amount_that_is_0_under_a_fault_says_nothing() -> None:
    """The body that moves money may not have run."""
    assert found_by(conserved(amount), ran(effect("pay"), schedule="withdraw#1:error")) == []
