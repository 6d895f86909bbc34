"""A signal ends a command in good order, whatever it is doing: real ones, sent to this very process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator

import pytest

from harness.processes.interrupts import Signals

EACH = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def signals() -> Iterator[Signals]:
    """They are heard until the test ends, and no longer."""
    before = {one: signal.getsignal(one) for one in EACH}
    yield Signals()
    for one, handler in before.items():
        signal.signal(one, handler)


def send(number: signal.Signals) -> None:
    """Send one to this process, whose handler is called before this returns."""
    os.kill(os.getpid(), number)


async def cut_short(said: list[str], *, first: signal.Signals | None = None) -> str:
    """Wait for ever, and tell of its end; before that, send this signal."""
    said.append("begun")
    if first is not None:
        send(first)
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        said.append("cut short")
    return "partial"


@pytest.mark.parametrize("number", EACH)
def test_one_that_comes_while_something_is_under_way_cancels_it(signals: Signals, number: signal.Signals) -> None:
    """Once; what it returns then is what there is."""
    said: list[str] = []
    came = signals.run(cut_short(said, first=number))

    assert (came, said, signals.came) == ("partial", ["begun", "cut short"], True)


@pytest.mark.parametrize("number", EACH)
def test_one_that_comes_while_no_loop_runs_is_kept(signals: Signals, number: signal.Signals) -> None:
    """Nothing is torn off; what is run afterwards is begun, and cancelled at the first thing that it waits for."""
    said: list[str] = []
    before = signals.run(asyncio.sleep(0, "before"))
    send(number)
    here = signals.came
    after = signals.run(cut_short(said))

    assert (before, here, after, said) == ("before", True, "partial", ["begun", "cut short"])


def test_one_wakes_a_loop_that_sleeps(signals: Signals) -> None:
    """It comes from another process while nothing else goes on."""
    words = ["sh", "-c", f"read line; kill -TERM {os.getpid()}"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as other:

        async def waits() -> None:
            assert other.stdin is not None
            other.stdin.close()
            await asyncio.wait_for(asyncio.Event().wait(), 60)

        with pytest.raises(asyncio.CancelledError):
            signals.run(waits())


def test_one_may_mean_something_else(signals: Signals) -> None:
    """As long as that lasts; then it ends things, as ever."""
    said: list[str] = []

    async def holds() -> str:
        send(signal.SIGINT)
        said.append("went on")
        return await cut_short(said, first=signal.SIGINT)

    answers = iter([True, False])
    came = signals.run(holds(), instead=lambda: next(answers))

    assert (came, said, signals.came) == ("partial", ["went on", "begun", "cut short"], True)


def test_a_second_one_ends_the_process_at_once(signals: Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    """As INCONCLUSIVE, wherever it is."""

    def leave(code: int) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(os, "_exit", leave)
    send(signal.SIGINT)
    with pytest.raises(SystemExit) as left:
        send(signal.SIGTERM)

    assert left.value.code == 4


def test_a_hang_up_that_is_ignored_stays_ignored() -> None:
    """`nohup` starts a command so, and it is to go on when the terminal is closed."""
    before = {one: signal.getsignal(one) for one in EACH}
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        Signals()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
