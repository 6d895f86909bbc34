"""How often heartbeats reach the server, and what a progress log costs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
import pytest_asyncio
from temporalio.exceptions import ActivityError, ApplicationError, RetryState

from harness.environment.open import Environment
from tests.live.facts import long
from tests.live.facts.bench import Bench, Handle, bench, failure_of, history_of

LASTS = 2.2
"""How long an activity beats, in seconds, every 20 ms."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker with the SDK's own throttle."""
    client = harness_environment.temporal.client
    async with bench(client, [long.Does], [long.beats, long.logs_every_ten_percent]) as one:
        yield one


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def eager(harness_environment: Environment) -> AsyncIterator[Bench]:
    """A worker that sends heartbeats every 200 ms at the least."""
    soon = timedelta(seconds=0.2)
    async with bench(
        harness_environment.temporal.client,
        [long.Does],
        [long.beats],
        max_heartbeat_throttle_interval=soon,
        default_heartbeat_throttle_interval=soon,
    ) as one:
        yield one


async def arrivals(handle: Handle) -> list[datetime]:
    """Return when heartbeats of a workflow's activity arrived at the server, until it is done."""
    seen: list[datetime] = []
    done = asyncio.ensure_future(handle.result())
    while not done.done():
        for one in (await handle.describe()).raw_description.pending_activities:
            at = one.last_heartbeat_time.ToDatetime()
            if one.HasField("last_heartbeat_time") and at not in seen:
                seen.append(at)
        await asyncio.wait([done], timeout=0.03)
    return seen


Arrived = Mapping[str, list[datetime]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def arrived(desk: Bench, eager: Bench) -> Arrived:
    """When heartbeats arrived, of several activities at once."""
    tried = {
        "a timeout of 1 s": (desk, 1.0),
        "no timeout": (desk, None),
        "a timeout of 10 s": (desk, 10.0),
        "10 s, and at most 200 ms": (eager, 10.0),
        "no timeout, and 200 ms by default": (eager, None),
    }
    handles = [await at.start(long.Does.run, "beats", [LASTS], timeout, 1) for at, timeout in tried.values()]
    return dict(zip(tried, await asyncio.gather(*map(arrivals, handles)), strict=True))


@pytest.mark.claims("HB-001")
@pytest.mark.parametrize(
    ("tried", "every"),
    [
        ("a timeout of 1 s", 0.8),
        ("a timeout of 10 s", None),
        ("no timeout", None),
        ("10 s, and at most 200 ms", 0.2),
        ("no timeout, and 200 ms by default", 0.2),
    ],
)
def test_heartbeats_are_throttled(arrived: Arrived, tried: str, every: float | None) -> None:
    """The first is sent at once, the next after 0.8 of the timeout, 30 s without one, or what the worker says."""
    times = arrived[tried]

    if every is None:
        assert len(times) == 1
        return
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    assert gaps
    # One that is late on a busy machine is soon followed by the next, and some may not have been seen at all: so all of
    # them together are no more than there may be, and some two are no further apart than they should.
    assert sum(gaps) / len(gaps) > 0.8 * every
    assert min(gaps) < 1.5 * every


@pytest.mark.claims("HB-007")
@pytest.mark.parametrize("total", [1, 5, 9])
async def test_every_ten_percent_of_fewer_than_ten_divides_by_zero(desk: Bench, total: int) -> None:
    """In each of the attempts there are, after the first item was processed and heartbeated."""
    handle = await desk.start(long.Does.run, "logs_every_ten_percent", [total], None, 3)

    failure = (await failure_of(handle)).cause

    assert isinstance(failure, ActivityError)
    assert failure.retry_state is RetryState.MAXIMUM_ATTEMPTS_REACHED
    assert isinstance(failure.cause, ApplicationError)
    assert (failure.cause.type, failure.cause.message) == (
        "ZeroDivisionError",
        "integer modulo by zero",
    )
    [started] = (await history_of(handle)).of_type("ActivityTaskStarted")
    assert started.attributes["attempt"] == 3


@pytest.mark.claims("HB-007")
@pytest.mark.parametrize(
    ("total", "told"), [(0, []), (10, list(range(1, 11))), (25, list(range(2, 25, 2))), (100, list(range(10, 101, 10)))]
)
async def test_every_ten_percent_is_something_else_unless_ten_divides_it(
    desk: Bench, total: int, told: list[int]
) -> None:
    """Every 8 % of 25, for one."""
    assert await (await desk.start(long.Does.run, "logs_every_ten_percent", [total], None, 1)).result() == told
