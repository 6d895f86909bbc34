"""A race inside one run: the same application takes another way because things arrive in another order.

What a run receives and what it calls then are known in their order. Where two runs part because one receives something
that the other does not receive just then, the order decided, and nobody else's state. Where they part although they
have received the same, it was something else: a value, chance, what an earlier run left behind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.explore.model.explored_run import ExploredRun
from harness.files.wording import cut

VALUE = 60
"""How many characters of a result are shown."""

NAMED = 6
"""How many calls are named in which two endings differ."""

NOT_ORDERED = frozenset({CallPlace.REQUEST, CallPlace.SIGNAL})
"""What is recorded elsewhere than where the workflow runs, so that its place among the workflow's calls is chance."""


def is_race(one: ExploredRun, other: ExploredRun) -> bool:
    """Whether two runs without any fault end in different ways because of the order in which things came."""
    return one.shape != other.shape and parting(one, other) is not None


def parting(one: ExploredRun, other: ExploredRun) -> tuple[str, str] | None:
    """Return what each of two runs received or did where they part, if the order decided; None otherwise."""
    for first, second in zip_longest(_in_order(one), _in_order(other)):
        if _name(first) == _name(second):
            continue
        if any(made is not None and made.place is CallPlace.EVENT for made in (first, second)):
            return _name(first), _name(second)
        break
    effects = [[str(effect.call) for effect in run.effects] for run in (one, other)]
    both = {*effects[0]} & {*effects[1]}
    orders = [[name for name in several if name in both] for several in effects]
    if orders[0] != orders[1]:
        first_, second_ = next(pair for pair in zip_longest(*orders, fillvalue="nothing") if pair[0] != pair[1])
        return f"{first_} first", f"{second_} first"
    return None


def _in_order(run: ExploredRun) -> list[CallMade]:
    return sorted((made for made in run.calls if made.place not in NOT_ORDERED), key=lambda made: made.order)


def _name(made: CallMade | None) -> str:
    if made is None:
        return "nothing more"
    return (made.received or str(made.call)) if made.place is CallPlace.EVENT else str(made.call)


@dataclass(frozen=True, kw_only=True)
class Race:
    """The endings of runs without any fault that part because of the order in which things came.

    Attributes:
        runs: All of them.
    """

    runs: tuple[ExploredRun, ...]

    @property
    def sometimes(self) -> frozenset[CallName]:
        """The calls that only some of the runs make: a fault that is planned there may not find its call."""
        made = [frozenset(one.call for one in run.calls) for run in self.runs]
        return frozenset().union(*made) - frozenset.intersection(*made)

    def __str__(self) -> str:
        ways = Counter(run.shape for run in self.runs)
        (usual, _), *others = ways.most_common()
        example = {run.shape: run for run in self.runs}
        first, second = example[usual], example[others[0][0]]
        parted = parting(first, second) or parting(second, first) or ("", "")
        where = f" They part where one meets {parted[0]} and the other {parted[1]}." if any(parted) else ""
        return (
            "a race inside one run: the order in which things arrive decides how it ends. "
            f"{_ending(first, second)} ({ways[usual]} of {len(self.runs)} fault-free runs), or "
            f"{_ending(second, first)} ({ways[second.shape]}).{where}"
        )


def _ending(run: ExploredRun, other: ExploredRun) -> str:
    own = Counter(run.shape) - Counter(other.shape)
    calls = sorted(one for one in own if "#" in one and not one.startswith("effect of "))
    effects = sorted(one for one in own if one.startswith("effect of ") and one.removeprefix("effect of ") not in calls)
    found = [*calls, *effects]
    more = f" and {len(found) - NAMED} more" if len(found) > NAMED else ""
    with_ = f" with {', '.join(found[:NAMED])}{more}" if found else ""
    return f"It ends {run.outcome.status}, returns {cut(run.value(run.outcome.result), VALUE)}{with_}"


def ways_apart(runs: Sequence[ExploredRun]) -> Iterator[ExploredRun]:
    """Yield a run of each way that differs from the last run's for another reason than a race."""
    last = runs[-1]
    seen: set[tuple[str, ...]] = {last.shape}
    for run in reversed(runs):
        if run.shape in seen:
            continue
        seen.add(run.shape)
        same_way = [one for one in runs if one.shape == run.shape]
        if not any(is_race(one, known) for one in same_way for known in runs if known.shape == last.shape):
            yield run
