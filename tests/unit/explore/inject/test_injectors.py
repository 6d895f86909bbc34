"""Which world a workflow belongs to."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from harness.evidence.event_stream import Stream
from harness.explore.inject.injector import Injector
from harness.explore.inject.injectors import Injectors
from harness.explore.model.schedule import FAULT_FREE


def world(token: str) -> Injector:
    """One of which nothing but its token matters."""

    async def cancel(_workflow_id: str) -> None:
        pass

    return Injector(token=token, schedule=FAULT_FREE, stream=Stream(), reads=frozenset(), cancel=cancel)


def begins(workflow_id: str, *, parent: str = "") -> Any:
    """What the SDK tells of a workflow that begins."""
    above = SimpleNamespace(workflow_id=parent) if parent else None
    return SimpleNamespace(
        info=SimpleNamespace(workflow_id=workflow_id, workflow_type="Ship", run_id="r", parent=above, root=above)
    )


async def test_ids_tell_which() -> None:
    """They contain the token; a child's calls go by its type, and its own id need contain nothing."""
    worlds, one, other = Injectors(), world("t-1"), world("t-2")
    worlds.add(one)
    worlds.add(other)

    assert worlds.belongs(begins("order-t-2")) == (other, "")
    assert worlds.belongs(begins("parcel", parent="order-t-2")) == (other, "Ship")
    assert worlds.belongs(begins("somebody-else")) is None
    assert worlds.known("parcel") == (other, "Ship")
    assert other.roots == ["order-t-2"]


async def test_where_there_is_but_one_everything_belongs_to_it() -> None:
    """Whatever its id."""
    only = world("t-1")
    worlds = Injectors(only=only)

    assert worlds.belongs(begins("somebody")) == (only, "")
    assert worlds.named("anything") is only


async def test_an_attempt_of_a_run_that_is_over_is_refused() -> None:
    """It does not strike at whoever comes next."""
    worlds, one = Injectors(), world("t-1")
    worlds.add(one)
    worlds.belongs(begins("t-1"))
    worlds.remove(one)

    assert worlds.named("t-1") is None
    with pytest.raises(ApplicationError, match="is over"):
        worlds.of_attempt("t-1")
