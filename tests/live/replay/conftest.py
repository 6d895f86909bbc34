"""One recording of `every_command`, for all replay tests."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import WorkflowHistory

from harness.environment.open import Environment
from tests.live.replay.recorded import record_all


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def recorded(harness_environment: Environment) -> dict[str, WorkflowHistory]:
    """A history of each of its workflows, by name."""
    return await asyncio.wait_for(record_all(harness_environment.temporal.client), 60)


@pytest.fixture(scope="session")
def folder(recorded: dict[str, WorkflowHistory], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as files, as the SDK writes them."""
    made = tmp_path_factory.mktemp("histories")
    for name, history in recorded.items():
        (made / f"{name}.json").write_text(history.to_json(), encoding="utf-8")
    return made
