"""The run in which nothing goes wrong, performed until it is known what of it is always the same."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from harness.explore.model.backend import Backend
from harness.explore.model.explored_run import ExploredRun, Invariant
from harness.explore.model.schedule import FAULT_FREE
from harness.explore.search.judge import Judged, judge

TIMES = 3
"""How often it is performed by itself, at most twice as often while it varies."""

AT_ONCE = 4
"""How many are then performed at once, to see whether they disturb each other."""


@dataclass(frozen=True, kw_only=True)
class FaultFree:
    """What is known of it.

    Attributes:
        judged: The run; the first that broke a promise, if one did.
        notes: What the reader has to know.
        unclear: Why the exploration proves less than it should.
        shares_state: Whether runs at once disturb each other.
        blocking: The activities that kept everything else from going on, every time.
        result_is_stable: Whether it returns the same each time, its token aside.
    """

    judged: Judged
    notes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    shares_state: bool = False
    blocking: frozenset[str] = frozenset()
    result_is_stable: bool = True


async def fault_free(explorer: Backend, invariants: Sequence[Invariant]) -> FaultFree:
    """Perform the target without any fault until its shape is stable, then several times at once.

    Raises:
        HarnessError: The worker or the target itself is broken.
    """
    runs: list[ExploredRun] = []
    for _ in range(2 * TIMES):
        runs.append(await _performed(explorer))
        judged = judge(runs[-1], invariants)
        if judged.broken or judged.unclear:
            return FaultFree(judged=judged, unclear=judged.unclear)
        if len(runs) >= TIMES and len({one.shape for one in runs[-TIMES:]}) == 1:
            break
    notes: list[str] = [*explorer.shortened]
    unclear: list[str] = []
    last, shapes = runs[-1], [one.shape for one in runs]
    if shapes[-1] != shapes[-2]:
        unclear.append(
            "the fault-free run is not the same each time, so that a point may not be met again; what varies: "
            + _difference(shapes[-1], next(one for one in reversed(shapes[:-1]) if one != shapes[-1]))
        )
    elif len(set(shapes)) > 1:
        unclear.append(
            "the fault-free run changed from one time to the next, and then stayed as it is: its world is not as new "
            "for each run. What changed: " + _difference(shapes[-1], shapes[0])
        )
    # All of them: once may well be a busy machine.
    shares, blocking = False, frozenset.intersection(*(one.blocked for one in runs))
    if not unclear and not explorer.target.one_at_a_time:
        several = await asyncio.gather(*(explorer.perform(FAULT_FREE) for _ in range(AT_ONCE)))
        runs += several
        disturbed = [one for one in several if one.shape != last.shape or judge(one, invariants).broken]
        shares = bool(disturbed)
        if shares:
            notes.append(
                "runs at once disturb each other, so they share state; they go on one at a time. A `reset(token)`, and "
                "keys that carry the token, would give each a world of its own."
            )
    if explorer.target.one_at_a_time:
        notes.append("`reset` empties the world of all runs, so they go on one at a time.")
    results = {one.value(one.outcome.result) for one in runs}
    if len(results) > 1:
        notes.append(f"the fault-free run's result varies: {' or '.join(sorted(results)[:2])}.")
    return FaultFree(
        judged=judge(last, invariants),
        notes=tuple(notes),
        unclear=tuple(unclear),
        shares_state=shares,
        blocking=blocking,
        result_is_stable=len(results) == 1,
    )


async def _performed(explorer: Backend) -> ExploredRun:
    run = await explorer.perform(FAULT_FREE)
    # A busy machine is no mistake of the application's; what never ends does not end now either.
    return await explorer.perform(FAULT_FREE) if run.open else run


def _difference(one: Sequence[str], other: Sequence[str]) -> str:
    only = sorted(set(one) ^ set(other))
    return "; ".join(only[:6]) if only else f"how often: {len(one)} and {len(other)} calls and effects"
