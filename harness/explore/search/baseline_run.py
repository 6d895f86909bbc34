"""The run in which nothing goes wrong, repeated until it is known what of it is always the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.explore.model.backend import Backend
from harness.explore.model.invariant import Invariant
from harness.explore.model.schedule import FAULT_FREE
from harness.explore.search.judge import Judged, judged
from harness.judge import LETS_OTHERS_GO_ON

TIMES = 3
"""How often it is run by itself, at most twice as often while it varies."""

AT_ONCE = 4
"""How many then run concurrently, to see whether they disturb each other."""


@dataclass(frozen=True, kw_only=True)
class FaultFree:
    """What is known of it.

    Attributes:
        judged: The run; the first in which something does not hold, if there is one.
        notes: What the reader has to know.
        unclear: Why the exploration proves less than it should.
        shares_state: Whether concurrent runs disturb each other.
        blocking: The activities that kept everything else from going on, every time.
        result_is_stable: Whether it returns the same each time, its run id aside.
    """

    judged: Judged
    notes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    shares_state: bool = False
    blocking: frozenset[str] = frozenset()
    result_is_stable: bool = True


async def fault_free(backend: Backend, invariants: Sequence[Invariant]) -> FaultFree:
    """Run the target without any fault until its shape is stable, then several times concurrently.

    Raises:
        HarnessError: The worker or the target itself is broken.
    """
    runs: list[Judged] = []
    for _ in range(2 * TIMES):
        runs.append(await _again_if_open(backend, invariants))
        if not can_be_explored(runs[-1]) or runs[-1].unclear:
            return FaultFree(judged=runs[-1], unclear=runs[-1].unclear)
        if len(runs) >= TIMES and len({one.run.shape for one in runs[-TIMES:]}) == 1:
            break
    notes: list[str] = [*backend.shortened]
    last = runs[-1]
    unclear = [*_varies([one.run.shape for one in runs])]
    # All of them: once may well be a busy machine.
    shares, blocking = False, frozenset.intersection(*(one.run.blocked for one in runs))
    if last.broken:
        shares = True
        notes.append("schedules run one at a time, since an activity blocks the event loop for long.")
    elif not unclear and not backend.target.one_at_a_time:
        several = await asyncio.gather(*(_run(backend, invariants) for _ in range(AT_ONCE)))
        runs += several
        shares = any(one.run.shape != last.run.shape or one.broken for one in several)
        if shares:
            notes.append(
                "concurrent runs disturb each other, so they share state; schedules run one at a time. "
                "`reset(token)`, and keys that contain the token, would give each run a state of its own."
            )
    if backend.target.one_at_a_time:
        notes.append("`reset` empties the state of all runs, so schedules run one at a time.")
    results = {one.run.value(one.run.outcome.result) for one in runs}
    if len(results) > 1:
        notes.append(f"the fault-free run's result varies: {' or '.join(sorted(results)[:2])}.")
    return FaultFree(
        judged=last,
        notes=tuple(notes),
        unclear=tuple(unclear),
        shares_state=shares,
        blocking=blocking,
        result_is_stable=len(results) == 1,
    )


def _varies(shapes: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Say how the fault-free run varies, if it does."""
    if shapes[-1] != shapes[-2]:
        yield (
            "the fault-free run is not the same each time, so a fault may not find its call again; what varies: "
            + _difference(shapes[-1], next(one for one in reversed(shapes[:-1]) if one != shapes[-1]))
        )
    elif len(set(shapes)) > 1:
        yield (
            "the fault-free run changed from one time to the next, and then stayed as it is: state leaks between runs; "
            "provide reset(token). What changed: " + _difference(shapes[-1], shapes[0])
        )


def can_be_explored(fault_free: Judged) -> bool:
    """Whether a fault-free run holds, but for an activity that blocks the event loop and returns."""
    slow = fault_free.run.hung is None and all(one.oracle == LETS_OTHERS_GO_ON for one in fault_free.broken)
    return not fault_free.broken or slow


async def _run(backend: Backend, invariants: Sequence[Invariant]) -> Judged:
    result = await backend.run(FAULT_FREE, invariants)
    return judged(result.evidence, result.findings, invariants)


async def _again_if_open(backend: Backend, invariants: Sequence[Invariant]) -> Judged:
    first = await _run(backend, invariants)
    # A busy machine is no mistake of the application's; what never ends does not end now either.
    return await _run(backend, invariants) if first.run.open else first


def _difference(one: Sequence[str], other: Sequence[str]) -> str:
    only = sorted(set(one) ^ set(other))
    return "; ".join(only[:6]) if only else f"how often: {len(one)} and {len(other)} calls and effects"
