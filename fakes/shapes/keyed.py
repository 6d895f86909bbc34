"""The base of services with idempotency keys: one effect per key, and none for a key that was taken back."""

from __future__ import annotations

from typing import Any

from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply
from harness.services.service import FakeService


class KeyedService(FakeService):
    """Acts once per idempotency key; a repeated request gets the first answer.

    Taking back a key that stands for nothing leaves a tombstone, and a request that arrives for it later is refused
    with 409.
    """

    def _once(self, call: Call, done: dict[str, Any]) -> Reply:
        """Do something under the key in the header Idempotency-Key."""
        if call.key is None:
            text = f"{call.operation} was refused: the header Idempotency-Key is missing"
            return Reply(status=400, body={"error": text})
        entry, first = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=done)
        if entry is LedgerEntry.REFUSED:
            return Reply(
                status=409, body={"error": f"{call.key!r} was taken back before this {call.operation} arrived"}
            )
        return Reply(status=201 if entry is LedgerEntry.APPLIED else 200, body=first)

    def _taken_back(self, call: Call, *, undoes: str) -> Reply:
        """Take back the effect of the key in the path; succeeds also if there is none."""
        assert call.key is not None  # noqa: S101 - it is part of the path
        entry = self.ledger.undo(operation=call.operation, undoes=undoes, key=call.key, call=call.id)
        return Reply(body={"taken_back": call.key, "stood": entry is LedgerEntry.UNDONE})
