"""A service that sets goods aside for orders."""

from __future__ import annotations

from pydantic import BaseModel, Field

from fakes.shapes.keyed import KeyedService
from harness.services.operation import Call, Reply, operation


class Reservation(BaseModel):
    """What is to be set aside.

    Attributes:
        order: For which order.
        items: Which goods.
    """

    order: str = Field(min_length=1)
    items: list[str] = Field(min_length=1)


class Inventory(KeyedService):
    """Reserves and releases goods."""

    @operation("POST /reservations")
    async def reserve(self, call: Call, wanted: Reservation) -> Reply:
        """Reserve `wanted` under the key in the header Idempotency-Key."""
        return self._once(call, {"reservation": f"reservation_{wanted.order}"})

    @operation("DELETE /reservations/{key}", undoes=reserve)
    async def release(self, call: Call) -> Reply:
        """Release what was set aside under a key."""
        return self._taken_back(call, undoes="reserve")
