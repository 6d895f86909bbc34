"""A claim is paid out once."""

from __future__ import annotations

from harness import ExploredRun, Target
from tests.explored.foreign import claims


def paid_once(run: ExploredRun) -> None:
    """Nobody is paid twice."""
    assert len(run.world) <= 1, f"paid out {run.world}"


target = Target(
    workflows=[claims.SettleClaim],
    activities=[claims.assess, claims.pay_out],
    workflow=claims.SettleClaim.run,
    given=str,
    search_attributes=[claims.STAGE, claims.AMOUNT],
    reset=lambda token: claims.PAID.pop(token, None),
    world=lambda token: list(claims.PAID.get(token, [])),
    reads=[claims.assess],
    invariants=[paid_once],
)
