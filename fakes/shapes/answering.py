"""What every service that answers requests has in common: one operation, and an answer that says who gave it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Request(BaseModel):
    """A request.

    Attributes:
        request: The request's name, or that of the user for whom it is made.
    """

    request: str = Field(min_length=1)


class AnsweringService(FakeService):
    """Answers requests; nothing is changed by them."""

    @operation("POST /answers")
    async def ask(self, call: Call, wanted: Request) -> Reply:  # noqa: ARG002 - the call tells nothing more
        """Answer."""
        return Reply(body={"answer": f"{self.name()} on {wanted.request}"})
