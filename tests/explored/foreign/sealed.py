"""Contracts whose payloads only their own codec can read, failures included."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.common import RetryPolicy
from temporalio.converter import (
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)
from temporalio.exceptions import ApplicationError

KEY = b"not a secret, but nothing reads through it by chance"

SIGNED: dict[str, list[str]] = {}


class Sealed(PayloadCodec):
    """Seals whole payloads, metadata included."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal them."""
        return [
            Payload(metadata={"encoding": b"binary/sealed"}, data=base64.b64encode(turned(one.SerializeToString())))
            for one in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open those that are sealed."""
        return [
            Payload.FromString(turned(base64.b64decode(one.data)))
            if one.metadata.get("encoding") == b"binary/sealed"
            else one
            for one in payloads
        ]


def turned(data: bytes) -> bytes:
    """Turn plain bytes into sealed ones, and back."""
    return bytes(one ^ KEY[at % len(KEY)] for at, one in enumerate(data))


CONVERTER = replace(
    DataConverter.default,
    payload_codec=Sealed(),
    failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
)


@activity.defn
async def read_pages(contract: str, pages: int) -> int:
    """Read page by page, from the one after the last that a heartbeat names."""
    details: Iterable[int] = activity.info().heartbeat_details
    for page in range(max(details, default=0), pages):
        activity.heartbeat(page + 1)
    return pages


@activity.defn
async def sign(contract: str, pages: int) -> str:
    """Sign a contract once, however often it is asked."""
    if not pages:
        raise ApplicationError(f"{contract} is empty", {"pages": pages}, type="Empty", non_retryable=True)
    if not SIGNED.get(contract):
        SIGNED.setdefault(contract, []).append("signed")
    return f"{contract} is signed"


@activity.defn(name="sign")
async def sign_each_time(contract: str, pages: int) -> str:
    """Sign a contract each time it is asked."""
    SIGNED.setdefault(contract, []).append("signed")
    return f"{contract} is signed"


@workflow.defn
class SignContract:
    """Reads a contract and signs it."""

    @workflow.run
    async def run(self, contract: str) -> str:
        """Return what the notary says."""
        policy = RetryPolicy(initial_interval=timedelta(milliseconds=20))
        pages = await workflow.execute_activity(
            read_pages,
            args=[contract, 3],
            start_to_close_timeout=timedelta(seconds=5),
            heartbeat_timeout=timedelta(seconds=2),
            retry_policy=policy,
        )
        signed: str = await workflow.execute_activity(
            "sign",
            args=[contract, pages],
            start_to_close_timeout=timedelta(seconds=5),
            retry_policy=policy,
            result_type=str,
        )
        return signed
