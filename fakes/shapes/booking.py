"""What every booking service has in common: book under an idempotency key, cancel under the same key."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Booking(BaseModel):
    """What is to be booked.

    Attributes:
        trip: For which trip.
        item: Which car, room or seat. One whose name contains "invalid" does not exist.
    """

    trip: str = Field(min_length=1)
    item: str = Field(min_length=1)


class BookingService(FakeService):
    """Books and cancels one kind of thing.

    Booking again under a key that stands is answered as the first time. Cancelling a key that stands for nothing
    leaves a tombstone, and a booking that arrives for it later is refused with 409.
    """

    @operation("POST /bookings")
    async def book(self, call: Call, wanted: Booking) -> Reply:
        """Book `wanted` under the key in the header Idempotency-Key."""
        if call.key is None:
            return Reply(status=400, body={"error": "book was refused: the header Idempotency-Key is missing"})
        if "invalid" in wanted.item:
            return Reply(status=422, body={"error": f"there is no {wanted.item!r} to book"})
        booking = {"booking": f"{self.name().removesuffix('s')}_booking_{wanted.item}"}
        entry, booked = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=booking)
        if entry is LedgerEntry.REFUSED:
            return Reply(status=409, body={"error": f"{call.key!r} was cancelled before this booking arrived"})
        return Reply(status=201 if entry is LedgerEntry.APPLIED else 200, body=booked)

    @operation("DELETE /bookings/{key}", undoes=book)
    async def cancel(self, call: Call) -> Reply:
        """Cancel the booking of a key; the answer is the same if there is none."""
        assert call.key is not None  # noqa: S101 - it is part of the path
        entry = self.ledger.undo(operation=call.operation, undoes="book", key=call.key, call=call.id)
        return Reply(body={"cancelled": call.key, "stood": entry is LedgerEntry.UNDONE})
