"""What one run of an account hands to the next: plain data with a version, brought up to date step by step.

A state outlives the code that wrote it. Version 1 kept its balance in units of money and every posting it ever made,
so that it grew until it could not be handed over any more; version 2 counts cents and postings.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from temporalio.exceptions import ApplicationError

from scenarios.entity.activities import Posting

CURRENT = 2
"""The version that this code writes."""


@dataclass(frozen=True)
class AccountState:
    """All that there is to know of an account, small enough to be handed over for ever.

    Attributes:
        balance: In cents, after the last posting that was made.
        posted: How many postings were made.
        refused: How many the service refused for good.
        pending: Those that have come and were not made, in the order of their coming.
        closed: Whether the account is to be closed once nothing is pending.
        run: Which run of the account this is, from 1.
        renewed: How many runs have ended for each reason.
    """

    balance: int = 0
    posted: int = 0
    refused: int = 0
    pending: tuple[Posting, ...] = ()
    closed: bool = False
    run: int = 1
    renewed: Mapping[str, int] = field(default_factory=dict)

    def to_plain(self) -> dict[str, Any]:
        """Return it as it is handed over."""
        return {"version": CURRENT, **asdict(self)}


def _from_1(old: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": 2,
        # Rounded, since 0.29 * 100 is not 29.
        "balance": round(old.get("balance", 0.0) * 100),
        "posted": len(old.get("transactions", ())),
    }


# From a version to the next, one step each, so that whatever is older than yesterday finds its way, too.
_STEPS: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}


def read_state(plain: Mapping[str, Any] | None) -> AccountState:
    """Read what was handed over; None begins a new account, and a state without a version has version 1.

    Keys that this version does not know are left out: a deployment that was rolled back may find some.

    Raises:
        ApplicationError: The version is none that this code knows. It fails the workflow, where any other error
            would only fail its first task, again and again, with nobody told.
    """
    if plain is None:
        return AccountState()
    state = dict(plain)
    while (version := state.get("version", 1)) != CURRENT:
        if version not in _STEPS:
            raise ApplicationError(
                f"the state has version {version!r}, this code knows 1 to {CURRENT}",
                type="UnknownStateVersion",
                non_retryable=True,
            )
        state = _STEPS[version](state)
    known = {one.name: state[one.name] for one in fields(AccountState) if one.name in state}
    return AccountState(**known | {"pending": tuple(Posting(**one) for one in state.get("pending", ()))})
