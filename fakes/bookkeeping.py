"""A bookkeeping service: returns a rate, posts entries, prints statements."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Entry(BaseModel):
    """What is to be posted.

    Attributes:
        month: To which month.
        number: Which entry of it, from 1.
    """

    month: str = Field(min_length=1)
    number: int = Field(ge=1)


class Statement(BaseModel):
    """What is to be printed.

    Attributes:
        month: The statement of which month.
    """

    month: str = Field(min_length=1)


class Bookkeeping(FakeService):
    """Returns a rate, and posts entries and prints statements once per idempotency key."""

    @operation("GET /rate")
    async def rate(self, call: Call) -> Reply:  # noqa: ARG002 - it is the same for everybody
        """Tell today's rate."""
        return Reply(body={"rate": 1.25})

    @operation("POST /entries")
    async def post(self, call: Call, wanted: Entry) -> Reply:
        """Post an entry under the key in the header Idempotency-Key."""
        return self._once(call, {"entry": f"{wanted.month} no. {wanted.number}"})

    @operation("POST /statements")
    async def print(self, call: Call, wanted: Statement) -> Reply:
        """Print a statement under the key in the header Idempotency-Key."""
        return self._once(call, {"statement": f"statement of {wanted.month}"})

    def _once(self, call: Call, done: dict[str, str]) -> Reply:
        if call.key is None:
            return Reply(status=400, body={"error": f"{call.operation} was refused: Idempotency-Key is missing"})
        entry, first = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=done)
        return Reply(status=201 if entry is LedgerEntry.APPLIED else 200, body=first)
