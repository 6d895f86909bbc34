"""The effects in a service, by operation and idempotency key: the truth that oracles judge by.

A second commit under a key is answered as the first one. An undo of a key without an effect leaves a tombstone, which
refuses a commit that arrives later: only that makes a compensation safe against a late commit (SAGA-008).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from harness.events import EffectApplied, EffectRefused, EffectRepeated, EffectUndone, Event, Tombstoned


class LedgerEntry(StrEnum):
    """The result of one commit or undo."""

    APPLIED = "applied"
    REPEATED = "repeated"
    REFUSED = "refused"
    UNDONE = "undone"
    TOMBSTONED = "tombstoned"


class Ledger:
    """The effects of one service.

    Args:
        service: The service's name, for the journal.
        emit: Receives the events that the ledger writes.
    """

    def __init__(self, service: str, emit: Callable[[Event], None]) -> None:
        self._service = service
        self._emit = emit
        self._effects: dict[tuple[str, str], Any] = {}
        self._tombstones: set[tuple[str, str]] = set()

    def apply(self, *, operation: str, key: str, call: str, value: Any) -> tuple[LedgerEntry, Any]:
        """Commit an effect under a key.

        Returns:
            APPLIED with `value`; REPEATED with what was committed first; or REFUSED with None when the key was
            undone before.
        """
        fields: dict[str, Any] = {"service": self._service, "operation": operation, "key": key, "call": call}
        effect = operation, key
        if effect in self._tombstones:
            self._emit(EffectRefused(**fields))
            return LedgerEntry.REFUSED, None
        if effect in self._effects:
            self._emit(EffectRepeated(**fields))
            return LedgerEntry.REPEATED, self._effects[effect]
        self._effects[effect] = value
        self._emit(EffectApplied(**fields))
        return LedgerEntry.APPLIED, value

    def undo(self, *, operation: str, undoes: str, key: str, call: str) -> LedgerEntry:
        """Undo what the operation `undoes` committed under a key, and refuse that key from now on.

        Returns:
            UNDONE, or TOMBSTONED when there was no effect (never committed, or undone before).
        """
        fields: dict[str, Any] = {
            "service": self._service,
            "operation": operation,
            "undoes": undoes,
            "key": key,
            "call": call,
        }
        effect = undoes, key
        known = effect in self._effects
        self._tombstones.add(effect)
        self._effects.pop(effect, None)
        self._emit(EffectUndone(**fields) if known else Tombstoned(**fields))
        return LedgerEntry.UNDONE if known else LedgerEntry.TOMBSTONED

    def clear(self) -> None:
        """Forget everything."""
        self._effects.clear()
        self._tombstones.clear()
