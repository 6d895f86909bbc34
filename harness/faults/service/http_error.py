"""The service answers with an error instead of doing what it is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence


@dataclass(frozen=True, kw_only=True)
class HttpError(ServiceFault):
    """Every call is answered with `status`; nothing is done.

    Attributes:
        status: An HTTP status, 400 to 599.
        headers: Headers of the answer, such as {"Retry-After": "2"}.
        body: Its JSON body, or None for one that names the status.
    """

    status: int = 503
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if not 400 <= self.status <= 599:
            yield f"status must be 400 to 599, got {self.status}."

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:  # noqa: ARG002 - the call gets no further
        """Answer with the error."""
        body = {"error": f"fault: {self.status}"} if self.body is None else self.body
        return Reply(status=self.status, headers=self.headers, body=body)
