"""What was done is undone when the workflow reports failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from harness.evidence.schedule_events import Effect
from harness.explore.model.explored_run import ExploredRun
from harness.explore.model.invariant import Invariant
from harness.explore.model.prevented import PreventedUndos
from harness.library_internals.activity_definition import Named, activity_name
from harness.verdict import Finding, Harm


def undone_on_failure(
    do: Named,
    undo: Named | Sequence[Named],
    *,
    key: Callable[[Effect], Any] | None = None,
    failed: Callable[[ExploredRun], bool] | None = None,
) -> Invariant:
    """Make the invariant: nothing that `do` did is left when the workflow reports failure (SAGA-006 to SAGA-008).

    An undo counts when its body ended after the last body of what it undoes: what takes effect later is not undone.

    Args:
        do: The activity: the function, the method, or its type.
        undo: What undoes it, or several of which one suffices.
        key: What an effect and its undo have in common, such as an order's number. By default each call of `do`
            takes one call of `undo`.
        failed: When the workflow reports failure. By default with any end but Completed, or with a result whose
            `success` is false.
    """
    done = activity_name(do)
    undone = [activity_name(one) for one in ([undo] if isinstance(undo, str) or callable(undo) else undo)]

    def check(run: ExploredRun) -> Iterator[Finding]:
        if not (run.failed if failed is None else failed(run)):
            return
        left: dict[Any, list[int]] = defaultdict(list)
        for one in run.effects:
            if one.activity in undone:
                left[None if key is None else key(one)].append(one.order)
        last: dict[Any, Effect] = {}
        for effect in run.effects_of(done):
            last[effect.call if key is None else key(effect)] = effect
        broken: list[tuple[Effect, str]] = []
        for common, effect in sorted(last.items(), key=lambda item: -item[1].order):
            undoings = left[None if key is None else common]
            later = [order for order in undoings if order > effect.order]
            if later:
                if key is None:
                    undoings.remove(min(later))
                continue
            why = "its undo came before it took effect" if undoings else "nothing undid it"
            broken.append((effect, why))
        prevented = PreventedUndos(run, undone, key=key)
        excused = prevented.of([effect for effect, _ in broken], among=[*last.values()])
        for effect, why in broken:
            yield Finding(
                title=f"{done} is not undone although the workflow reports failure ({run.outcome.status}): {why}.",
                subject=done,
                harm=Harm.EFFECTS,
                undo_prevented=effect.order in excused,
            )

    name = f"undone_on_failure({done}, {' or '.join(undone)})"
    return Invariant(name=name, check=check, undoes=frozenset(undone), activities=frozenset({done, *undone}))
