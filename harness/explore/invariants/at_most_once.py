"""An activity takes effect at most once, however often it is tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from harness.evidence.schedule_events import Effect
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.library_internals.activity_definition import Named, activity_name
from harness.verdict import Finding, Harm


def distinct(effects: list[Effect]) -> list[Effect]:
    """Return the effects without those that returned what an earlier one of the same call did.

    A service that recognises a repetition answers as it did the first time. None says nothing: each counts.
    """
    found: list[Effect] = []
    for effect in effects:
        if effect.result is None or not any(
            one.call == effect.call and one.result == effect.result and one.arguments == effect.arguments
            for one in found
        ):
            found.append(effect)
    return found


def at_most_once(
    do: Named,
    *,
    key: Callable[[Effect], Any] | None = None,
) -> Invariant:
    """Make the invariant: what `do` does, it does at most once (SAGA-007).

    A body that ran again is a second effect, unless it returned the very value that the first one did.

    Args:
        do: The activity: the function, the method, or its type.
        key: What makes two effects the same thing done twice, such as an order's number. By default, that they
            belong to one call.
    """
    name = activity_name(do)

    def check(run: ExploredRun) -> Iterator[Finding]:
        groups: dict[str, list[Effect]] = defaultdict(list)
        for effect in distinct(list(run.effects_of(name))):
            groups[str(effect.call) if key is None else repr(key(effect))].append(effect)
        for common, several in groups.items():
            if len(several) > 1:
                for_what = common.replace(run.token, "TOKEN")
                yield Finding(
                    title=f"{name} took effect {len(several)} times for {for_what}.",
                    subject=name,
                    harm=Harm.EFFECTS,
                    # Done twice is done twice, whatever becomes of a compensation.
                    undo_prevented=False,
                )

    return Invariant(name=f"at_most_once({name})", check=check, activities=frozenset({name}))
