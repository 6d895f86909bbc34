"""The run in which nothing goes wrong, repeated until it is known what of it is always the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from harness.explore.model.backend import Backend
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.model.schedule import FAULT_FREE
from harness.explore.model.target import Target
from harness.explore.search.judge import Judged, judged
from harness.explore.search.races import VALUE, Race, is_race, ways_apart
from harness.files.wording import around_difference, masked
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
        race: The ways that it takes, where the order in which things arrive decides; None where it takes one.
        broken: What does not hold in it: each run that shows something, the fewest that show all.
        result_is_stable: Whether it returns the same each time, its run id aside.
    """

    judged: Judged
    notes: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    shares_state: bool = False
    race: Race | None = None
    broken: tuple[Judged, ...] = ()
    result_is_stable: bool = True

    @property
    def activities(self) -> frozenset[str]:
        """Which activities run without any fault."""
        return frozenset(made.call.activity for made in self.judged.run.calls)


async def fault_free(
    backend: Backend, invariants: Sequence[Invariant], *, over: Callable[[], bool] = lambda: False
) -> FaultFree:
    """Run the target without any fault until its shape is stable, then several times concurrently.

    Args:
        backend: Runs it.
        invariants: What must hold.
        over: Whether no further run may begin.

    Raises:
        HarnessError: The worker or the target itself is broken.
    """
    runs = await _one_after_another(backend, invariants, over=over)
    if not runs[-1].run.ended or runs[-1].unclear:
        # It would cost a deadline each time, or say nothing of what follows.
        return FaultFree(judged=runs[-1], unclear=runs[-1].unclear, broken=_telling(runs))
    unclear = [*_varies([one.run for one in runs], stateful=_has_state_of_its_own(backend.target))]
    # All of them: once may well be a busy machine.
    blocking = frozenset.intersection(*(one.run.blocked for one in runs))
    blocks = any(one.oracle == LETS_OTHERS_GO_ON for one in runs[-1].broken)
    disturbed: list[Judged] = []
    if not (blocks or unclear or backend.target.one_at_a_time or over()):
        several = await asyncio.gather(*(_run(backend, invariants) for _ in range(AT_ONCE)))
        disturbed = [*_disturbed(runs, several)]
        runs += [one for one in several if one not in disturbed]
    race = None
    if not unclear and len({one.run.shape for one in runs}) > 1:
        race = Race(runs=tuple(one.run for one in runs))
    results = {one.run.value(one.run.outcome.result) for one in runs}
    notes = [*backend.shortened, *_why_alone(backend.target, blocks=blocks, disturbed=bool(disturbed))]
    notes += [] if race is None else [str(race)]
    notes += [
        f"{one} blocks the event loop: while it runs, nothing else does, heartbeats included. "
        "Let it await, or make it a plain function."
        for one in sorted(blocking)
    ]
    if len(results) > 1 and race is None:
        one, other, *_ = sorted(results)
        notes.append(f"the fault-free run's result varies: {' or '.join(around_difference(one, other, VALUE))}.")
    return FaultFree(
        # Of several ways the one on which most can go wrong.
        judged=max(reversed(runs), key=lambda one: len(one.run.calls)) if race else runs[-1],
        notes=tuple(notes),
        unclear=tuple(unclear),
        shares_state=blocks or bool(disturbed),
        race=race,
        broken=_telling(runs),
        result_is_stable=len(results) == 1,
    )


async def _one_after_another(
    backend: Backend, invariants: Sequence[Invariant], *, over: Callable[[], bool]
) -> list[Judged]:
    """Run it until it has been the same for some times, but not endlessly."""
    runs: list[Judged] = []
    for _ in range(2 * TIMES):
        runs.append(await _again_if_open(backend, invariants))
        stable = len(runs) >= TIMES and len({one.run.shape for one in runs[-TIMES:]}) == 1
        if stable or not runs[-1].run.ended or runs[-1].unclear or over():
            break
    return runs


def _why_alone(target: Target, *, blocks: bool, disturbed: bool) -> Iterator[str]:
    """Say why schedules run one at a time, if they do."""
    if blocks:
        yield "schedules run one at a time, since an activity blocks the event loop for long."
    if disturbed and _has_state_of_its_own(target):
        yield "concurrent runs take another way than runs one at a time, so schedules run one at a time."
    elif disturbed:
        yield (
            "concurrent runs disturb each other, so they share state; schedules run one at a time. "
            "`reset(token)`, and keys that contain the token, would give each run a state of its own."
        )
    if target.one_at_a_time:
        yield "`reset` empties the state of all runs, so schedules run one at a time."


def _has_state_of_its_own(target: Target) -> bool:
    """Whether each run has an external state of its own by its declaration: what is emptied or read goes by the token.

    A `world` always takes the token.
    """
    return target.world is not None or (target.reset is not None and not target.one_at_a_time)


def _disturbed(runs: Sequence[Judged], several: Sequence[Judged]) -> Iterator[Judged]:
    """Yield the concurrent runs that take another way than runs one at a time, or break, where that is no race."""
    known = {one.run.shape for one in runs}
    broken = {one.id for run in runs for one in run.broken}
    for one in several:
        differs = one.run.shape not in known or {finding.id for finding in one.broken} - broken
        if differs and not any(is_race(one.run, other.run) for other in runs):
            yield one


def _telling(runs: Sequence[Judged]) -> tuple[Judged, ...]:
    """Return the first run that shows each finding."""
    seen: set[tuple[str, str]] = set()
    found: list[Judged] = []
    for one in runs:
        new = {(finding.id, masked(finding.title)) for finding in one.broken} - seen
        if new:
            seen |= new
            found.append(one)
    return tuple(found)


def _varies(runs: Sequence[ExploredRun], *, stateful: bool) -> Iterator[str]:
    """Say how the fault-free run varies, if it does for another reason than a race."""
    other = next(ways_apart(runs), None)
    if other is None:
        return
    shapes = [one.shape for one in runs]
    if shapes[-1] == shapes[-2] and not stateful:
        yield (
            "the fault-free run changed from one time to the next, and then stayed as it is: state leaks between runs; "
            "provide reset(token). What changed: " + _difference(shapes[-1], other.shape)
        )
    else:
        yield (
            "the fault-free run is not the same each time, so a fault may not find its call again; what varies: "
            + _difference(shapes[-1], other.shape)
        )


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
