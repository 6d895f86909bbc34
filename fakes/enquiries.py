"""A service that answers enquiries: any read-only API."""

from __future__ import annotations

from pydantic import BaseModel, Field

from harness.services.operation import Call, Reply, operation
from harness.services.service import FakeService


class Enquiry(BaseModel):
    """What somebody wants to know.

    Attributes:
        text: The question. One that contains "invalid" cannot be answered.
    """

    text: str = Field(min_length=1)


class Enquiries(FakeService):
    """Answers enquiries; they have no effect and need no key."""

    @operation("POST /enquiries")
    async def ask(self, call: Call, wanted: Enquiry) -> Reply:  # noqa: ARG002 - the same for everybody
        """Answer `wanted`."""
        if "invalid" in wanted.text:
            return Reply(status=422, body={"error": f"there is no answer to {wanted.text!r}"})
        return Reply(body={"answer": f"all about {wanted.text}"})
