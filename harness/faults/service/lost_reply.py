"""The service does what it was asked, and its answer never arrives."""

from __future__ import annotations

from dataclasses import dataclass

from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence


@dataclass(frozen=True, kw_only=True)
class LostReply(ServiceFault):
    """The effect is committed, then the connection is cut: the caller cannot know which of the two happened."""

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:  # noqa: ARG002 - whatever it asked
        """Let the service do it, and keep silent about it."""
        reply = await proceed()
        return Silence(why=f"the answer {reply.status} was lost")
