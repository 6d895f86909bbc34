"""A service that keeps accounts: it takes postings, each once for its idempotency key, and knows every balance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, Field

from harness.events import Event
from harness.services.ledger import LedgerEntry
from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Posting(BaseModel):
    """What is to be posted.

    Attributes:
        account: To which account.
        number: Which posting of it, as its sender counts them.
        cents: What is paid in; paid out, when it is negative.
    """

    account: str = Field(min_length=1)
    number: int
    cents: int


class Accounts(FakeService):
    """Posts to accounts; a posting that would overdraw an account is refused."""

    def __init__(self, emit: Callable[[Event], None] | None = None, **options: Any) -> None:
        super().__init__(emit, **options)
        self._balances: Counter[str] = Counter()

    @operation("POST /postings")
    async def post(self, call: Call, wanted: Posting) -> Reply:
        """Post under the key in the header Idempotency-Key."""
        if call.key is None:
            return Reply(status=400, body={"error": "post was refused: the header Idempotency-Key is missing"})
        balance = self._balances[wanted.account] + wanted.cents
        if balance < 0:
            return Reply(status=422, body={"error": f"posting {wanted.number} would overdraw {wanted.account!r}"})
        posted = {"number": wanted.number, "balance": balance}
        entry, first = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=posted)
        if entry is not LedgerEntry.APPLIED:
            return Reply(status=200, body=first)
        self._balances[wanted.account] = balance
        return Reply(status=201, body=first)

    def clear(self) -> None:
        """Forget balances, too."""
        super().clear()
        self._balances.clear()
