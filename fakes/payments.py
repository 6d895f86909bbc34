"""A service that charges cards, and gives the money back."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Charge(BaseModel):
    """What is to be paid.

    Attributes:
        order: For which order.
        cents: How much.
        token: Stands for the card; "" for the one on file.
    """

    order: str = Field(min_length=1)
    cents: int = Field(gt=0)
    token: str = ""


class Payments(FakeService):
    """Charges cards, once per idempotency key.

    A charge without a key is a charge of its own, however often it is repeated. Refunding a key that stands for
    nothing leaves a tombstone, and a charge that arrives for it later is refused with 409.
    """

    @operation("POST /charges")
    async def charge(self, call: Call, wanted: Charge) -> Reply:
        """Charge `wanted`, under the key in the header Idempotency-Key if there is one."""
        key = call.key or call.id
        receipt = {"charge": f"charge_{wanted.order}", "cents": wanted.cents}
        entry, charged = self.ledger.apply(operation=call.operation, key=key, call=call.id, value=receipt)
        if entry is LedgerEntry.REFUSED:
            return Reply(status=409, body={"error": f"{key!r} was refunded before this charge arrived"})
        return Reply(status=201 if entry is LedgerEntry.APPLIED else 200, body=charged)

    @operation("POST /refunds/{key}", undoes=charge)
    async def refund(self, call: Call) -> Reply:
        """Give back what was charged under a key; nothing charged is fine, too, and is answered the same way."""
        assert call.key is not None  # noqa: S101 - it is part of the path
        entry = self.ledger.undo(operation=call.operation, undoes="charge", key=call.key, call=call.id)
        return Reply(body={"refunded": call.key, "stood": entry is LedgerEntry.UNDONE})
