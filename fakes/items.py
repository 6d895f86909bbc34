"""A service that processes items one by one, each once for its idempotency key."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Item(BaseModel):
    """What is to be processed.

    Attributes:
        batch: The batch it belongs to.
        item: Its number in the batch, from 0.
    """

    batch: str = Field(min_length=1)
    item: int = Field(ge=0)


class Items(FakeService):
    """Processes items and discards their results.

    Processing again under a key that stands is answered as the first time. Discarding a key that stands for nothing
    leaves a tombstone, and an item that arrives for it later is refused with 409.
    """

    @operation("POST /items")
    async def process(self, call: Call, wanted: Item) -> Reply:
        """Process `wanted` under the key in the header Idempotency-Key."""
        if call.key is None:
            return Reply(status=400, body={"error": "process was refused: the header Idempotency-Key is missing"})
        done = {"processed": f"{wanted.batch}/{wanted.item}"}
        entry, processed = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=done)
        if entry is LedgerEntry.REFUSED:
            return Reply(status=409, body={"error": f"{call.key!r} was discarded before this item arrived"})
        return Reply(status=201 if entry is LedgerEntry.APPLIED else 200, body=processed)

    @operation("DELETE /items/{key}", undoes=process)
    async def discard(self, call: Call) -> Reply:
        """Discard what became of an item; nothing standing is fine, too, and is answered the same way."""
        assert call.key is not None  # noqa: S101 - it is part of the path
        entry = self.ledger.undo(operation=call.operation, undoes="process", key=call.key, call=call.id)
        return Reply(body={"discarded": call.key, "stood": entry is LedgerEntry.UNDONE})
