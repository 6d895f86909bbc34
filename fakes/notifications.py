"""A service that sends messages to customers, once per idempotency key."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Notification(BaseModel):
    """A message to a customer.

    Attributes:
        about: What it is about, such as an order.
        kind: What has happened, such as "payment_declined".
        text: In words.
    """

    about: str = Field(min_length=1)
    kind: str = Field(min_length=1)
    text: str = ""


class Notifications(FakeService):
    """Sends notifications, once per idempotency key."""

    @operation("POST /notifications")
    async def send(self, call: Call, wanted: Notification) -> Reply:
        """Send `wanted` under the key in the header Idempotency-Key."""
        if call.key is None:
            return Reply(status=400, body={"error": "send was refused: the header Idempotency-Key is missing"})
        sent = {"sent": f"{wanted.kind} about {wanted.about}"}
        entry, first = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=sent)
        return Reply(status=201 if entry is LedgerEntry.APPLIED else 200, body=first)
