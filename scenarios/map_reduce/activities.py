"""Adds up readings: of one chunk, which is loaded by its place in the dataset, and of all chunks."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
from temporalio import activity
from temporalio.exceptions import ApplicationError


@dataclass(frozen=True)
class Chunk:
    """A part of a dataset, by its place: the readings themselves go through no history (MRD-002).

    Attributes:
        dataset: Names the dataset.
        first: The number of its first reading, from 0.
        count: How many readings.
        answer_within: How long the service may take to hand them out.
    """

    dataset: str
    first: int
    count: int
    answer_within: timedelta


@dataclass(frozen=True)
class ChunkSum:
    """What a chunk comes to.

    Attributes:
        chunk_sum: The sum of its readings.
        count: How many they are.
    """

    chunk_sum: int
    count: int


@dataclass(frozen=True)
class Summary:
    """What a dataset comes to.

    Attributes:
        total: The sum of its readings.
        count: How many they are.
        average: What they are on average, 0 for none.
    """

    total: int
    count: int
    average: float


class SumActivities:
    """The activities that a map-reduce can be given by name, over one HTTP client."""

    def __init__(self, readings: httpx2.AsyncClient) -> None:
        self._readings = readings

    @activity.defn
    async def sum_chunk(self, chunk: Chunk) -> ChunkSum:
        """Load a chunk, and add it up."""
        answer = await self._readings.post(
            "/chunks",
            json={"dataset": chunk.dataset, "first": chunk.first, "count": chunk.count},
            timeout=chunk.answer_within.total_seconds(),
        )
        text = f"the service answered {answer.status_code}"
        if answer.is_client_error and answer.status_code != httpx2.codes.TOO_MANY_REQUESTS:
            raise ApplicationError(text, type="Refused", non_retryable=True)
        if answer.is_error:
            raise ApplicationError(text, type="ServiceUnavailable")
        values = answer.json()["values"]
        return ChunkSum(chunk_sum=sum(values), count=len(values))

    @activity.defn
    async def sum_up(self, chunks: list[ChunkSum]) -> Summary:
        """Add up what the chunks come to."""
        total, count = sum(one.chunk_sum for one in chunks), sum(one.count for one in chunks)
        return Summary(total=total, count=count, average=total / count if count else 0.0)


@asynccontextmanager
async def sum_activities(*, readings: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the service at this base URL; leaving the context closes its connections."""
    async with httpx2.AsyncClient(base_url=readings, verify=_trusted()) as client:
        made = SumActivities(client)
        yield [made.sum_chunk, made.sum_up]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
