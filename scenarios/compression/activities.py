"""Fetches large state over HTTP, and adds it up."""

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


@dataclass(frozen=True)
class Fetch:
    """What to fetch.

    Attributes:
        dataset: Which data set.
        answer_within: How long the database may take.
    """

    dataset: str
    answer_within: timedelta


class StateActivities:
    """The activities of the workflow, over one HTTP client."""

    def __init__(self, datasets: httpx2.AsyncClient) -> None:
        self._datasets = datasets

    @activity.defn
    async def load_large_state(self, fetch: Fetch) -> list[dict[str, Any]]:
        """Return all records of a data set."""
        answer = await self._datasets.get(f"/datasets/{fetch.dataset}", timeout=fetch.answer_within.total_seconds())
        answer.raise_for_status()
        records: list[dict[str, Any]] = answer.json()["records"]
        return records

    @activity.defn
    def add_up(self, records: list[dict[str, Any]]) -> int:
        """Add up the records' amounts."""
        return sum(record["cents"] for record in records)


@asynccontextmanager
async def state_activities(*, datasets: str) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the database at this base URL; leaving the context closes their connections."""
    async with httpx2.AsyncClient(base_url=datasets, verify=_trusted()) as client:
        made = StateActivities(client)
        yield [made.load_large_state, made.add_up]


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()
