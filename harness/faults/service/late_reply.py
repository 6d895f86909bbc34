"""The service does what it was asked, and answers when nobody waits any more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from harness.fault import ServiceFault
from harness.service import Call, Proceed, Reply, Silence


@dataclass(frozen=True, kw_only=True)
class LateReply(ServiceFault):
    """The effect is committed at once; the answer waits until the caller has given up.

    Attributes:
        patience: The longest that the answer is held back. A caller who is still there by then gets it, and the
            fault has not fired on that call.
    """

    patience: timedelta = timedelta(seconds=30)

    def problems(self) -> Iterator[str]:
        """Say what is wrong with the settings, one sentence each."""
        if self.patience <= timedelta(0):
            yield f"patience must be positive, it is {self.patience}."

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Do it, and wait for the caller to go."""
        reply = await proceed()
        with suppress(TimeoutError):
            await asyncio.wait_for(call.gone(), self.patience.total_seconds())
        return reply

    def fires_on(self, call: Call, reply: Reply | Silence) -> bool:  # noqa: ARG002 - the caller decides
        """Only on a call whose caller had gone."""
        return call.has_gone()
