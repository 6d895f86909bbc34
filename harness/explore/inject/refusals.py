"""What was refused permanently in a run, so that it is refused again when the application asks for the same."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any

from temporalio import activity

from harness.evidence.calls import CallMade, CallName
from harness.explore.model.schedule import PlannedFault


class Refusals:
    """The calls of one run at which faults were injected. Used from several threads.

    Args:
        calls: Returns how many calls have been made.
    """

    def __init__(self, *, calls: Callable[[], int]) -> None:
        self._made = calls
        self._calls: dict[PlannedFault, tuple[int, tuple[bytes, ...]]] = {}
        self._children: dict[PlannedFault, str] = {}
        self._lock = Lock()

    def refused(self, fault: PlannedFault, arguments: tuple[Any, ...]) -> None:
        """Remember what a call asked for when a fault was injected at it, and which calls were made before."""
        with self._lock:
            self._calls.setdefault(fault, (self._made(), encoded(arguments)))

    def repeats(self, fault: PlannedFault, made: CallMade, arguments: tuple[Any, ...]) -> bool:
        """Whether a call is the one at which a fault is planned, or asks for the same after it was injected there."""
        if fault.call == made.call:
            return True
        calls, refused = self._calls.get(fault, (0, None))
        return refused is not None and made.order >= calls and encoded(arguments) == refused

    def repeats_child(self, fault: PlannedFault, call: CallName, workflow_id: str) -> bool:
        """Whether a child is the one at which a fault is planned, or is started again under the id of that one."""
        with self._lock:
            if fault.call == call:
                self._children.setdefault(fault, workflow_id)
            return self._children.get(fault) == workflow_id


def encoded(arguments: tuple[Any, ...]) -> tuple[bytes, ...]:
    """Return the arguments of the running activity in a form that can be compared, whatever their types."""
    payloads = activity.payload_converter().to_payloads(arguments)
    return tuple(one.SerializeToString(deterministic=True) for one in payloads)
