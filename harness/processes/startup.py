"""Signals that come before a command begins: nothing has been started yet, so the process simply leaves.

Imports take most of a command's first second. An exception in the middle of one is no way out of it: some swallow it,
and others print it. This file imports next to nothing, so that it is in force before all others.
"""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import NoReturn

from harness.exit_codes import INCONCLUSIVE

INTERRUPTED = INCONCLUSIVE
"""The exit code of a process that a signal has ended before there was anything to judge."""


def ending_signals() -> tuple[signal.Signals, ...]:
    """Return the signals that ask a command to end; SIGHUP is one of them unless `nohup` or the like has it ignored."""
    hang_up = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGINT, signal.SIGTERM, *hang_up)


def leave_when_signalled() -> None:
    """From now on, a signal ends the process at once, without a traceback."""
    for one in ending_signals():
        signal.signal(one, _leave)


def interrupt_when_signalled() -> None:
    """From now on, each of these signals raises `KeyboardInterrupt`, so that what a command has begun is cleaned up.

    It does nothing in a process that has not called `leave_when_signalled`, since its signals are not the harness's.
    """
    for one in ending_signals():
        if signal.getsignal(one) is _leave:
            signal.signal(one, signal.default_int_handler)


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    os.write(2, b"harness: interrupted before anything ran.\n")
    os._exit(INTERRUPTED)
