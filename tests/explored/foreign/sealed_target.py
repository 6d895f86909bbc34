"""A contract is signed once."""

from __future__ import annotations

from harness import ExploredRun, Target
from tests.explored.foreign import sealed


def signed_once(run: ExploredRun) -> None:
    """No contract is signed twice, and the result can be read."""
    assert len(run.world) <= 1, f"{run.world}"
    assert run.failed or run.outcome.result == f"{run.token} is signed", f"returned {run.outcome.result!r}"


target = Target(
    workflows=[sealed.SignContract],
    activities=[sealed.read_pages, sealed.sign],
    workflow=sealed.SignContract.run,
    given=str,
    data_converter=sealed.CONVERTER,
    reset=lambda token: sealed.SIGNED.pop(token, None),
    world=lambda token: list(sealed.SIGNED.get(token, [])),
    reads=[sealed.read_pages],
    invariants=[signed_once],
)
