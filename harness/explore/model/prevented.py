"""Which effects a schedule itself keeps from being undone: those whose own compensation it makes fail."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from pydantic_core import to_jsonable_python

from harness.events import CallReceived, EffectApplied
from harness.evidence.calls import CallName
from harness.evidence.schedule_events import AttemptPrevented, Effect
from harness.explore.model.explored_run import ExploredRun


class PreventedUndos:
    """The calls that would have undone something, and that a run's schedule made fail.

    Args:
        run: The run.
        undo: The activities that undo.
        key: What an effect and its undo have in common; None if that is not declared.
    """

    def __init__(self, run: ExploredRun, undo: Collection[str], *, key: Callable[[Effect], Any] | None) -> None:
        # One whose completion is lost has undone it all the same.
        faults = [one for one in run.schedule.faults if one.kind.for_good and one.call.activity in undo]
        hit = [one.call for one in faults if one in run.reached]
        calls = dict.fromkeys([*hit, *(made.call for made in run.calls if made.call.activity in undo)])
        self._lasting = any(one.kind.from_then_on for one in faults)
        self._arguments = {
            call: given
            for call in calls
            if any(one.covers(call) for one in faults)
            for given in [_arguments(run, call)]
        }
        self._key = key

    def of(self, left: Sequence[Effect], *, among: Sequence[Effect]) -> set[int]:
        """Return which effects are left since their own compensation failed, by their order.

        A call is that of the effect with the same key; without a key, of the one that has the most values in common
        with it. Where that cannot be told, it is that of any one effect.

        Args:
            left: The effects that are left.
            among: All that could have been undone.
        """
        if self._lasting:
            return {one.order for one in left}
        found: set[int] = set()
        unknown = 0
        for call, arguments in self._arguments.items():
            own = self._own(call, arguments, among)
            if own is None:
                unknown += 1
            else:
                found |= own
        orders = [one.order for one in left]
        others = [one for one in orders if one not in found]
        return ({*orders} & found) | {*others[:unknown]}

    def _own(self, call: CallName, arguments: tuple[Any, ...] | None, among: Sequence[Effect]) -> set[int] | None:
        """Return the effects that a call would have undone; None if that cannot be told."""
        if arguments is None:
            return None
        if self._key is not None:
            try:
                common = self._key(_as_effect(call, arguments))
                return {one.order for one in among if self._key(one) == common}
            except Exception:  # noqa: BLE001 - the key of a call that was never answered may need its answer
                return None
        given = {*_values(arguments)}
        of_all = [{*_values((one.arguments, one.result))} for one in among]
        shared = set.intersection(*of_all) if len(of_all) > 1 else set()
        score = [len((given & values) - shared) for values in of_all]
        best = max(score, default=0)
        if not best or score.count(best) > 1:
            return None
        return {among[score.index(best)].order}


def names_another(run: ExploredRun, text: str, undo: Collection[str]) -> bool:
    """Return whether a text names an effect that was left and whose own compensation was not made to fail.

    It does when it has a value of such an effect in it, and none by which the compensation that failed is known.
    Numbers are no names: they count things, too.

    Args:
        run: The run.
        text: What an invariant says that does not name its undo.
        undo: Everything that undoes something.
    """
    faults = [one for one in run.schedule.faults if one.kind.for_good and one.call.activity in undo]
    refused = [one for one in run.evidence.of(AttemptPrevented) if any(fault.covers(one.call) for fault in faults)]
    if not refused or any(one.kind.from_then_on for one in faults):
        return False
    done = [_names(one) for one in run.effects if one.activity not in undo]
    undone = [_names(one) for one in run.effects if one.activity in undo]
    common = set.intersection(*done) if done else set()
    own = {name for one in refused for name in _texts(one.arguments)} - common
    taken = own.union(*undone) - common
    left = set().union(*(one for one in done if not one & taken)) - common
    return _mentions(text, left) and not _mentions(text, own.union(*(one for one in done if one & own)) - common)


def _names(effect: Effect) -> set[str]:
    return {*_texts((effect.arguments, effect.result))}


def _texts(given: Any) -> Iterator[str]:
    yield from (one[1:-1] for one in _values(given) if one[0] in "'\"")


def _mentions(text: str, names: Collection[str]) -> bool:
    return any(re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", text) for one in names if not one.isdecimal())


def request_prevented(run: ExploredRun, applied: str, undo: Collection[str]) -> bool | None:
    """Return whether the request that would have undone an effect was made to fail; None if that cannot be told.

    Args:
        run: The run.
        applied: The request that applied the effect, such as "flights.book#2".
        undo: The operations that undo it.
    """
    services = {one.partition(".")[0] for one in undo}
    faults = [one for one in run.schedule.faults if one.kind.for_good]
    if any(one.kind.of_service and one.call.activity.partition(".")[0] in services for one in faults):
        return None
    faults = [one for one in faults if one.call.activity in undo]
    key = next((one.key for one in run.evidence.of(EffectApplied) if one.call == applied), None)
    if key is None or any(one.kind.from_then_on for one in faults):
        return None
    calls = {str(one.call) for one in faults}
    keys = [one.key for one in run.evidence.of(CallReceived) if one.call in calls]
    return None if not keys or None in keys else key in keys


def _arguments(run: ExploredRun, call: CallName) -> tuple[Any, ...] | None:
    given = [one.arguments for one in run.evidence.of(AttemptPrevented) if one.call == call]
    return next(iter(given), None)


def _as_effect(call: CallName, arguments: tuple[Any, ...]) -> Effect:
    return Effect(
        call=call,
        activity=call.activity,
        workflow_id="",
        attempt=1,
        arguments=arguments,
        result=None,
        order=-1,
    )


def _values(given: Any) -> Iterator[str]:
    """Yield the single values that something consists of, without empty ones and booleans: many have those."""
    try:
        plain = to_jsonable_python(given, fallback=repr)
    except ValueError:  # bytes that are no text, or a value that holds itself
        plain = repr(given)
    if isinstance(plain, dict):
        for one in plain.values():
            yield from _values(one)
    elif isinstance(plain, list | tuple):
        for one in plain:
            yield from _values(one)
    elif plain and not isinstance(plain, bool):
        yield repr(plain)
