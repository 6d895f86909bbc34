"""Compresses only what is large, and decompresses everything: what was small can be read by nobody."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter

from scenarios.compression._codec import GzipCodec

TRIED_WITH = ["compression/all_well"]
CONVICTED_BY = "no_stuck_task"


class _Forgetful(GzipCodec):
    """Does not look at how a payload is encoded."""

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [Payload.FromString(gzip.decompress(one.data)) for one in payloads]


data_converter = replace(pydantic_data_converter, payload_codec=_Forgetful())
