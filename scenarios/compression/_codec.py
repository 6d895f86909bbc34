"""Compresses payloads on their way out of the worker, and nothing else has to know of it."""

from __future__ import annotations

import gzip
from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/gzip"


class GzipCodec(PayloadCodec):
    """Compresses payloads of a size by which it pays. Every client and worker of a workflow must have it.

    Args:
        above: Payloads of so many bytes at most are left as they are, and can be read where they are looked at.
    """

    def __init__(self, *, above: int = 1024) -> None:
        self._above = above

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Compress what is large, unless it is larger afterwards."""
        return [self._compressed(one) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Undo it; what was never compressed, such as all of an older history, stays as it is."""
        return [
            Payload.FromString(gzip.decompress(one.data)) if one.metadata.get("encoding") == ENCODING else one
            for one in payloads
        ]

    def _compressed(self, payload: Payload) -> Payload:
        if payload.ByteSize() <= self._above:
            return payload
        # Without the time of day, which gzip would put into its header: equal payloads stay equal (CPR-003).
        data = gzip.compress(payload.SerializeToString(), mtime=0)
        packed = Payload(metadata={"encoding": ENCODING}, data=data)
        return packed if packed.ByteSize() < payload.ByteSize() else payload
