"""A service that carries parcels to customers."""

from __future__ import annotations

from pydantic import BaseModel, Field

from fakes.shapes.keyed import KeyedService
from harness.services.operation import Call, Reply, operation


class Shipment(BaseModel):
    """What is to be carried.

    Attributes:
        order: For which order.
        address: Where to.
    """

    order: str = Field(min_length=1)
    address: str = Field(min_length=1)


class Carrier(KeyedService):
    """Accepts shipments and calls them back."""

    @operation("POST /shipments")
    async def ship(self, call: Call, wanted: Shipment) -> Reply:
        """Accept `wanted` under the key in the header Idempotency-Key."""
        return self._once(call, {"tracking": f"tracking_{wanted.order}"})

    @operation("DELETE /shipments/{key}", undoes=ship)
    async def call_back(self, call: Call) -> Reply:
        """Call back the shipment of a key."""
        return self._taken_back(call, undoes="ship")
