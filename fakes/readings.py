"""A service that holds readings of meters: any number of them, and each is worth its number."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Chunk(BaseModel):
    """The requested readings.

    Attributes:
        dataset: Of which dataset.
        first: The number of the first, from 0.
        count: How many.
    """

    dataset: str = Field(min_length=1)
    first: int = Field(ge=0)
    count: int = Field(gt=0, le=1000)


class Readings(FakeService):
    """Returns readings by their position in a data set."""

    @operation("POST /chunks")
    async def load(self, call: Call, wanted: Chunk) -> Reply:  # noqa: ARG002 - the contract's
        """Return the requested readings."""
        return Reply(body={"values": list(range(wanted.first, wanted.first + wanted.count))})
