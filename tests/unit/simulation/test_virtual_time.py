"""Time passes while nothing can run, and stands still while a thread is at work."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest

from harness.simulation import virtual_time
from harness.simulation.virtual_time import IN_THREAD, VirtualLoop, WorkflowThreads
from tests.unit.simulation.simulated import in_virtual_time

DAY = 24 * 3600.0

WITHIN = 30.0
"""How many real seconds a thread waits at most."""


def test_a_wait_takes_no_real_time() -> None:
    """A day is over at once, and it was a day."""
    began = monotonic()

    async def wait() -> float:
        before = asyncio.get_running_loop().time()
        await asyncio.sleep(DAY)
        return asyncio.get_running_loop().time() - before

    assert abs(in_virtual_time(wait) - DAY) < 1
    assert monotonic() - began < DAY / 100


def test_waits_end_in_the_order_of_their_length() -> None:
    """Whatever order they began in."""
    ended: list[int] = []

    async def wait(seconds: int) -> None:
        await asyncio.sleep(seconds)
        ended.append(seconds)

    async def several() -> None:
        await asyncio.gather(*(wait(one) for one in (300, 1, 20)))

    in_virtual_time(several)

    assert ended == [1, 20, 300]


def test_the_clock_stands_still_while_a_thread_is_at_work() -> None:
    """So that what a computer takes for it counts for nothing: a timeout of a millisecond does not fire meanwhile."""
    let_go = threading.Event()

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(None, let_go.wait)
        loop.call_soon(lambda: loop.call_soon(let_go.set))
        return await asyncio.wait_for(working, 0.001)

    assert in_virtual_time(work) is True


def test_time_passes_for_what_waits_for_something_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that waits for a timeout gets it, once the clock has stood still for a while."""
    monkeypatch.setattr(virtual_time, "LOOK", 0.001)
    let_go = threading.Event()

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, let_go.set)
        return await loop.run_in_executor(ThreadPoolExecutor(1), let_go.wait, WITHIN)

    assert in_virtual_time(work) is True


def test_no_time_passes_while_workflow_code_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a busy machine takes for it, no timer goes off meanwhile."""
    monkeypatch.setattr(virtual_time, "LOOK", 0.001)
    let_go = threading.Event()

    async def work() -> list[str]:
        loop, ended = asyncio.get_running_loop(), list[str]()
        loop.call_later(0.001, ended.append, "timer")
        threading.Timer(50 * virtual_time.LOOK, let_go.set).start()
        await loop.run_in_executor(WorkflowThreads(1), let_go.wait, WITHIN)
        ended.append("workflow code")
        await asyncio.sleep(1)
        return ended

    assert in_virtual_time(work) == ["workflow code", "timer"]


def test_time_passes_for_workflow_code_that_has_got_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the SDK's own timeout for a workflow task goes off."""
    monkeypatch.setattr(virtual_time, "LOOK", 0.001)
    let_go = threading.Event()

    async def work() -> bool:
        loop = asyncio.get_running_loop()
        loop.call_later(0.01, let_go.set)
        return await loop.run_in_executor(WorkflowThreads(1), let_go.wait, WITHIN)

    assert in_virtual_time(work) is True


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor(1), WorkflowThreads(1)])
def test_what_a_thread_asks_for_is_known_to_hold_the_clock(executor: ThreadPoolExecutor | None) -> None:
    """In whatever context it asks; the thread would wait for time that does not pass."""

    async def holds() -> bool:
        return IN_THREAD.get()

    async def work() -> list[bool]:
        loop = asyncio.get_running_loop()

        def ask() -> bool:
            return contextvars.copy_context().run(lambda: asyncio.run_coroutine_threadsafe(holds(), loop).result())

        return [await loop.run_in_executor(executor, ask), await holds()]

    assert in_virtual_time(work) == [True, False]


def test_what_is_waited_for_outside_holds_the_clock() -> None:
    """As the replay of a history, which another process does."""

    async def work() -> float:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        outside: asyncio.Future[None] = loop.create_future()
        threading.Timer(0.02, lambda: loop.call_soon_threadsafe(outside.set_result, None)).start()
        loop.call_later(1000, lambda: None)
        before = loop.time()
        with loop.held():
            await outside
        return loop.time() - before

    assert in_virtual_time(work) == 0


def test_what_is_asked_for_at_one_moment_is_called_in_that_order() -> None:
    """Asyncio itself keeps no order of timers that go off at the same time."""
    called: list[int] = []

    async def ask() -> None:
        loop = asyncio.get_running_loop()
        for number in range(50):
            loop.call_later(1, called.append, number)
        await asyncio.sleep(2)

    in_virtual_time(ask)

    assert called == [*range(50)]
