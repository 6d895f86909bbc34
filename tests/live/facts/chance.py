"""Workflows that draw by chance, ask the clock or reach outside, within the sandbox and without it."""

# ruff: noqa: DTZ003, DTZ005, DTZ011, PLW0108, PLW1510, PTH123, S311, S607, SIM115
# What is tried here is what must not be done, each as it is commonly written, and not before it is called.

from __future__ import annotations

import asyncio
import datetime as dt
import os
import random
import secrets
import socket
import subprocess
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

from temporalio import activity, workflow
from temporalio.exceptions import ApplicationError

WITHIN = dt.timedelta(seconds=20)


# --- what the sandbox stops, and what it does not -------------------------------------------------------------------

STOPPED: dict[str, Callable[[], Any]] = {
    "random.random": lambda: random.random(),
    "random.randint": lambda: random.randint(1, 6),
    "datetime.now": lambda: dt.datetime.now(),
    "datetime.utcnow": lambda: dt.datetime.utcnow(),
    "date.today": lambda: dt.date.today(),
    "uuid.uuid1": lambda: uuid.uuid1(),
    "uuid.uuid4": lambda: uuid.uuid4(),
    "time.time": lambda: time.time(),
    "time.sleep": lambda: time.sleep(0),
    "time.monotonic": lambda: time.monotonic(),
    "os.urandom": lambda: os.urandom(1),
    "os.getpid": lambda: os.getpid(),
    "os.environ": lambda: os.environ["PATH"],
    "secrets": lambda: secrets.token_hex(1),
    "open": lambda: open(os.devnull),
    "socket": lambda: socket.socket(),
    "urllib": lambda: urllib.request.urlopen("http://127.0.0.1:9"),
    "subprocess": lambda: subprocess.run(["true"]),
    "threading": lambda: threading.Thread(target=print).start(),
}

with workflow.unsafe.imports_passed_through():
    from tests.live.facts.clock import now

LET_THROUGH: dict[str, Callable[[], Any]] = {
    "random.Random": lambda: random.Random().random(),
    "random.SystemRandom": lambda: random.SystemRandom().random(),
    "hash of a text": lambda: hash("text"),
    "order of a set": lambda: list({"a", "b", "c"}),
    "a module passed through": now,
}


async def _connect() -> None:
    await asyncio.open_connection("127.0.0.1", 9)


async def _thread() -> None:
    await asyncio.to_thread(print)


NOT_THERE = {"asyncio.open_connection": _connect, "asyncio.to_thread": _thread}


@workflow.defn(failure_exception_types=[Exception])
class Reaches:
    """Does one of these, and ends instead of standing still when it may not."""

    @workflow.run
    async def run(self, what: str) -> str:
        """Say that it went through."""
        if what in NOT_THERE:
            await NOT_THERE[what]()
        else:
            (STOPPED | LET_THROUGH)[what]()
        return "went through"


@workflow.defn
class Printed:
    """Chance and the clock as they are printed to show what not to do."""

    @workflow.run
    async def run(self) -> str:
        """Draw."""
        return f"{random.random()} at {dt.datetime.now()}"


# --- chance that decides --------------------------------------------------------------------------------------------


@activity.defn
async def heads() -> None:
    """One thing to do."""


@activity.defn
async def tails() -> None:
    """The other."""


async def _do(drawn: float) -> None:
    await workflow.execute_activity(heads if drawn < 0.5 else tails, start_to_close_timeout=WITHIN)


@workflow.defn(sandboxed=False)
class DecidesByChance:
    """Chooses the activity by a draw that no history knows of."""

    @workflow.run
    async def run(self) -> None:
        """Do one of them."""
        await _do(random.random())


@workflow.defn(sandboxed=False)
class DrawsForNothing:
    """Draws and asks the clock, and does the same whatever comes."""

    @workflow.run
    async def run(self) -> str:
        """Do the one."""
        drawn = f"{random.random()} {time.time()}"
        await _do(0)
        return drawn


@workflow.defn
class DecidesByTheWorkflowsChance:
    """Chooses by the workflow's own chance, clock and ids."""

    @workflow.run
    async def run(self) -> None:
        """Do some of them."""
        for _ in range(10):
            await _do(workflow.random().random())
        await _do(workflow.now().microsecond % 2)
        await _do(workflow.uuid4().int % 2)


# --- code that changes while a run waits ----------------------------------------------------------------------------


class _Waits:
    def __init__(self) -> None:
        self._gone_on = False

    @workflow.signal
    def go_on(self) -> None:
        """It may."""
        self._gone_on = True

    async def _then(self, do: Callable[..., Any]) -> None:
        await workflow.execute_activity(do, start_to_close_timeout=WITHIN)
        await workflow.wait_condition(lambda: self._gone_on)


@workflow.defn(name="Waits")
class Before(_Waits):
    """The version that a run begins with."""

    @workflow.run
    async def run(self) -> None:
        """Do one thing, and wait."""
        await self._then(heads)


@workflow.defn(name="Waits")
class After(_Waits):
    """The version that is deployed meanwhile."""

    @workflow.run
    async def run(self) -> None:
        """Do another thing, and wait."""
        await self._then(tails)


@workflow.defn(name="Waits", failure_exception_types=[workflow.NondeterminismError])
class AfterThatFails(_Waits):
    """The same, and it fails where the other stands still."""

    @workflow.run
    async def run(self) -> None:
        """Do another thing, and wait."""
        await self._then(tails)


@workflow.defn(name="Waits")
class WithABug(_Waits):
    """A version that is as it was, and then trips over itself."""

    @workflow.run
    async def run(self) -> None:
        """Do one thing, wait, and use what is not there."""
        await self._then(heads)
        raise NameError("no such thing")


# --- input that is wrong --------------------------------------------------------------------------------------------


@workflow.defn
class PrintedCheck:
    """Refuses its input as it is printed."""

    @workflow.run
    async def run(self, given: dict[str, Any]) -> None:
        """Refuse."""
        raise ApplicationError("missing", type="ValidationError", non_retryable=True, details=[given])  # type: ignore[call-arg]


@workflow.defn
class Check:
    """Refuses its input."""

    @workflow.run
    async def run(self, given: dict[str, Any]) -> None:
        """Refuse."""
        raise ApplicationError("missing", given, type="ValidationError", non_retryable=True)
