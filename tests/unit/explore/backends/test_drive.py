"""A scenario's own drive while faults are about."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from harness.explore.backends.drive import Driven


class _Handle:
    def __init__(self, ended: asyncio.Event) -> None:
        self._ended = ended

    async def result(self) -> None:
        await self._ended.wait()


class _Live:
    """As much of a run in progress as a drive is left waiting for."""

    def __init__(self, *, ended: bool) -> None:
        self.ended = asyncio.Event()
        if ended:
            self.ended.set()
        self.handle = _Handle(self.ended)
        self.seen_to: list[str] = []


async def test_one_that_does_its_part_is_done() -> None:
    """Whether or not the workflow has ended."""

    async def drive(_live: Any) -> None:
        await asyncio.sleep(0)

    driven = Driven(drive, forgiving=True)
    await driven.drive(_Live(ended=False))  # type: ignore[arg-type]  # all of a run that it uses

    assert driven.done
    assert driven.raised == ""


async def test_one_whose_moment_never_comes_is_let_go_once_the_workflow_has_ended() -> None:
    """The run goes on to be judged."""

    async def drive(_live: Any) -> None:
        await asyncio.Event().wait()

    driven = Driven(drive, forgiving=True)
    async with asyncio.timeout(10):
        await driven.drive(_Live(ended=True))  # type: ignore[arg-type]  # all of a run that it uses

    assert not driven.done
    assert "was still waiting" in driven.raised


async def test_one_that_fails_under_a_fault_ends_no_run() -> None:
    """What it met is kept; without any fault it is a mistake of its own."""

    async def drive(_live: Any) -> None:
        raise LookupError("gone")

    forgiven, strict = Driven(drive, forgiving=True), Driven(drive, forgiving=False)
    await forgiven.drive(_Live(ended=False))  # type: ignore[arg-type]  # all of a run that it uses

    assert forgiven.raised.startswith("LookupError: gone (test_drive.py:")
    with pytest.raises(LookupError):
        await strict.drive(_Live(ended=False))  # type: ignore[arg-type]  # all of a run that it uses
