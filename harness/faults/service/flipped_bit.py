"""The service answers with something else than it should, and nothing about the answer says so."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence

SUMS = ("checksum", "digest", "etag", "hash", "md5")
"""What the names of headers contain that tell a checksum."""


@dataclass(frozen=True, kw_only=True)
class FlippedBit(ServiceFault):
    """The effect is committed; in the middle of the answer's body one bit is another.

    Headers that tell a checksum are left out, as by a service whose storage has gone bad and that keeps none: only a
    checksum of the caller's own tells (EXT-004).

    Attributes:
        at: Which byte, from 0, and from the end if it is negative; None for the one in the middle.
    """

    at: int | None = None

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:  # noqa: ARG002 - whatever it asked
        """Do it, and flip the lowest bit of one byte; an empty body stays as it is."""
        reply = await proceed()
        whole = bytearray(json.dumps(reply.body).encode() if reply.raw is None else reply.raw)
        if not whole:
            return reply
        place = len(whole) // 2 if self.at is None else max(-len(whole), min(self.at, len(whole) - 1))
        whole[place] ^= 1
        kept = {name: value for name, value in reply.headers.items() if not any(one in name.lower() for one in SUMS)}
        return replace(reply, raw=bytes(whole), headers=kept)
