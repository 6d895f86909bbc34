"""A few of the moments of `tests.live.kills`: nothing is left of a run with worker processes, however it ended."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.live.kills import SIGNALS, place


async def test_each_signal_at_some_moment(tmp_path: Path) -> None:
    """After SIGKILL, temporary files are what the next run removes."""
    chance = Random(17)  # noqa: S311 - repeatable chance, not secrecy
    async with place("run", tmp_path / "run") as here:
        lines = len(await here.whole())
        wrong = [found for number in SIGNALS for found in await here.killed(number, after=chance.randrange(lines))]
        await here.whole()

        assert [*wrong, *here.temporary_left()] == []
