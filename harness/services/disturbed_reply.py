"""Passes a call through the service faults that are armed, the first one outermost."""

from __future__ import annotations

from collections.abc import Sequence

from harness.services.operation import Call, Disturbance, Proceed, Reply, Silence


async def disturbed_reply(chain: Sequence[Disturbance], call: Call, serve: Proceed) -> Reply | Silence:
    """Return the reply to a call, or the silence in its place.

    Args:
        chain: What the faults do, the outermost first.
        call: The call.
        serve: Runs the operation.
    """

    async def pass_on(position: int) -> Reply | Silence:
        if position == len(chain):
            return await serve()

        async def inner() -> Reply:
            reply = await pass_on(position + 1)
            if isinstance(reply, Silence):
                raise _SilencedError(reply)
            return reply

        return await chain[position](call, inner)

    try:
        return await pass_on(0)
    except _SilencedError as silenced:
        return silenced.silence


class _SilencedError(Exception):
    """An inner fault cut the connection, so an outer one has no reply to change."""

    def __init__(self, silence: Silence) -> None:
        super().__init__(silence.why)
        self.silence = silence
