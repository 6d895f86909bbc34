"""What stands in the outside world, by operation and idempotency key: the truth that oracles judge by.

A commit under a key that stands is answered as the first time. An undo of a key that stands for nothing leaves a
tombstone, which refuses a commit that arrives later: only that makes a compensation safe against a late commit
(SAGA-008).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from harness.events import EffectApplied, EffectRefused, EffectRepeated, EffectUndone, Event, Tombstoned


class LedgerEntry(StrEnum):
    """What became of one commit or undo."""

    APPLIED = "applied"
    REPEATED = "repeated"
    REFUSED = "refused"
    UNDONE = "undone"
    TOMBSTONED = "tombstoned"


class Ledger:
    """The effects of one service.

    Args:
        service: The service's name, for the journal.
        emit: Takes the events that the ledger writes.
    """

    def __init__(self, service: str, emit: Callable[[Event], None]) -> None:
        self._service = service
        self._emit = emit
        self._standing: dict[tuple[str, str], Any] = {}
        self._tombstones: set[tuple[str, str]] = set()

    def apply(self, *, operation: str, key: str, call: str, value: Any) -> tuple[LedgerEntry, Any]:
        """Commit an effect under a key.

        Returns:
            APPLIED with `value`; REPEATED with what was committed first; or REFUSED with None when the key was
            undone before.
        """
        said: dict[str, Any] = {"service": self._service, "operation": operation, "key": key, "call": call}
        effect = operation, key
        if effect in self._tombstones:
            self._emit(EffectRefused(**said))
            return LedgerEntry.REFUSED, None
        if effect in self._standing:
            self._emit(EffectRepeated(**said))
            return LedgerEntry.REPEATED, self._standing[effect]
        self._standing[effect] = value
        self._emit(EffectApplied(**said))
        return LedgerEntry.APPLIED, value

    def undo(self, *, operation: str, undoes: str, key: str, call: str) -> LedgerEntry:
        """Take back what the operation `undoes` committed under a key, and refuse it that key from now on.

        Returns:
            UNDONE, or TOMBSTONED when nothing stood there (never committed, or undone before).
        """
        said: dict[str, Any] = {
            "service": self._service,
            "operation": operation,
            "undoes": undoes,
            "key": key,
            "call": call,
        }
        effect = undoes, key
        known = effect in self._standing
        self._tombstones.add(effect)
        self._standing.pop(effect, None)
        self._emit(EffectUndone(**said) if known else Tombstoned(**said))
        return LedgerEntry.UNDONE if known else LedgerEntry.TOMBSTONED

    def clear(self) -> None:
        """Forget everything."""
        self._standing.clear()
        self._tombstones.clear()
