"""Draws the object's key in the activity, as guides print it: an attempt whose answer is lost leaves an orphan."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

from temporalio import activity

from scenarios.external_storage.activities import DataReference, Load, data_activities

TRIED_WITH = ["external_storage/store_answer_lost", "external_storage/store_never_answered"]
CONVICTED_BY = "no_orphan_objects"


@asynccontextmanager
async def activities(**urls: Any) -> AsyncIterator[Sequence[Callable[..., Any]]]:
    """Make the activities for the services at these base URLs."""
    async with data_activities(**urls, credentials=("anybody", "anybody"), region="us-east-1") as sound:
        by_name = {one.__name__: one for one in sound}
        load = by_name.pop("load_and_store")

        @activity.defn
        async def load_and_store(wanted: Load) -> DataReference:
            stored: DataReference = await load(replace(wanted, storage_key=f"datasets/{wanted.dataset}/{uuid4()}.json"))
            return stored

        yield [*by_name.values(), load_and_store]
