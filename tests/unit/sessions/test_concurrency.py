"""So many at once, the heavy ones first and fewer of them; whoever gives up costs nobody a turn."""

from __future__ import annotations

import asyncio

from harness.sessions.concurrency import ConcurrencyLimit
from tests.unit.fake_testbed import settle


class Hall:
    """Runs that go on until they are told to end."""

    def __init__(self, jobs: int, *, heavy_jobs: int) -> None:
        self.turns = ConcurrencyLimit(jobs, heavy_jobs=heavy_jobs)
        self.order: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def enter(self, *names: str) -> None:
        """Let runs wait for their turn; a name that begins with H is heavy."""
        for name in names:
            self.ends[name] = asyncio.Event()
            self.tasks[name] = asyncio.create_task(self._run(name))

    async def _run(self, name: str) -> None:
        async with self.turns.turn(heavy=name.startswith("H")):
            self.order.append(name)
            await self.ends[name].wait()

    async def end(self, *names: str) -> None:
        """Let these end, and the next begin."""
        for name in names:
            self.ends[name].set()
        await settle()


async def test_heavy_ones_come_first_and_only_so_many() -> None:
    """Whoever came first; the others fill what is left."""
    hall = Hall(3, heavy_jobs=2)
    hall.enter("a", "b", "c", "d", "H1", "H2", "H3")
    await settle()
    assert hall.order == ["a", "b", "c"]

    await hall.end("a", "b", "c")
    assert hall.order[3:] == ["H1", "H2", "d"]

    await hall.end("H2")
    assert hall.order[6:] == ["H3"]


async def test_a_heavy_one_waits_for_a_place_of_its_kind_while_others_go_on() -> None:
    """A place is free, and not for it."""
    hall = Hall(2, heavy_jobs=1)
    hall.enter("H1", "H2", "a", "b")
    await settle()
    assert hall.order == ["H1", "a"]

    await hall.end("a", "b")
    assert hall.order == ["H1", "a", "b"]

    await hall.end("H1")
    assert hall.order == ["H1", "a", "b", "H2"]


async def test_whoever_gives_up_takes_no_turn() -> None:
    """Neither while it waits nor when it is cancelled with its turn."""
    hall = Hall(1, heavy_jobs=1)
    hall.enter("a", "H1", "b", "c")
    await settle()
    hall.tasks["H1"].cancel()
    hall.tasks["b"].cancel()
    await settle()
    hall.tasks["a"].cancel()
    await settle()

    assert hall.order == ["a", "c"]


async def test_a_turn_that_is_given_to_somebody_who_gives_up_at_that_moment_is_passed_on() -> None:
    """Granted and cancelled before it could begin."""
    hall = Hall(1, heavy_jobs=1)
    hall.enter("a", "b", "c")
    await settle()
    hall.ends["a"].set()
    await asyncio.wait([hall.tasks["a"]])
    hall.tasks["b"].cancel()
    await settle()

    assert hall.order[-1] == "c"


async def test_fewer_go_on_while_the_machine_cannot_keep_up() -> None:
    """Half as many each time, but never none; those that go on are not ended, and later there are more again."""
    hall = Hall(8, heavy_jobs=8)
    hall.enter(*"abcdefgh")
    await settle()
    hall.enter("i", "j", "k")

    allowed = []
    for lag in (0.9, 0.9, 0.9, 0.4):
        hall.turns.keep_pace(lag)
        allowed.append(hall.turns.jobs)
    assert allowed == [4, 2, 2, 2]
    await hall.end(*"abcdef")
    assert hall.order[8:] == []

    await hall.end("g")
    assert hall.order[8:] == ["i"]
    hall.turns.keep_pace(0.1)
    await settle()
    assert hall.turns.jobs == 3
    assert hall.order[8:] == ["i", "j"]
    for _ in range(9):
        hall.turns.keep_pace(0.0)
    assert hall.turns.jobs == 8


async def test_one_at_a_time_is_the_least() -> None:
    """A machine that cannot keep up with one run has to go on all the same."""
    hall = Hall(1, heavy_jobs=1)
    hall.turns.keep_pace(1.0)

    assert hall.turns.jobs == 1
