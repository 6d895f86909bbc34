"""Ends a command in which code in C holds the Python interpreter, so that no other thread runs any more.

Nothing in Python can see to that. A small process beside this one, `interpreter_watch.py`, notices that a thread of
this one has gone silent, and sends SIGILL. Python's `faulthandler`, which works without the interpreter, writes down
where each thread is and calls the handler that was there before: C's own `_exit`, which takes the number of the signal
for the exit code. That of SIGILL is 4, as is that of INCONCLUSIVE.
"""

from __future__ import annotations

import ctypes
import faulthandler
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import IO

from harness.exit_codes import INCONCLUSIVE

HELD_FOR = timedelta(seconds=30)
"""The shortest time in which no thread could run after which a command ends."""

BEAT = 0.5
"""How often the thread says something, in seconds."""

_SIGNAL = signal.SIGILL
assert _SIGNAL == INCONCLUSIVE  # noqa: S101 - on every system that Python runs on

PACKAGE = Path(__file__).parents[1]


@contextmanager
def interpreter_guard(progress: Callable[[], str], *, hint: str, held_for: timedelta = HELD_FOR) -> Iterator[None]:
    """End this process with 4 if no thread of it can run any more; a sentence says where, and how far it has come.

    Args:
        progress: Returns how far it has come, in a few words.
        hint: What to do about it, a sentence.
        held_for: For how long no thread must have run.
    """
    places = [str(PACKAGE), sys.base_prefix, *(path for path in sys.path if path.endswith("site-packages"))]
    watch = Path(__file__).with_name("interpreter_watch.py")
    beside = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-P", watch, str(os.getpid()), str(held_for.total_seconds()), hint, *places],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one or str(Path.cwd()) for one in sys.path)},
        text=True,
        # Ctrl-C is for the command, which ends in good order.
        start_new_session=True,
    )
    assert beside.stdin is not None  # noqa: S101 - it was asked for
    ended = threading.Event()
    beating = threading.Thread(target=_beat, args=(beside.stdin, progress, ended), name="harness-beat", daemon=True)
    enabled = faulthandler.is_enabled()
    _ends_the_process(beside.stdin)
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()
        _is_ordinary(enabled=enabled)
        beside.communicate("null\n")


def _beat(beside: IO[str], progress: Callable[[], str], ended: threading.Event) -> None:
    with suppress(BrokenPipeError):
        while not ended.is_set():
            print(json.dumps(progress()), file=beside, flush=True)
            ended.wait(BEAT)


def _ends_the_process(dump: IO[str]) -> None:
    """Have the signal write down where the threads are, and end this process."""
    faulthandler.disable()
    c = ctypes.CDLL(None)
    _handle(c, ctypes.cast(c["_exit"], ctypes.c_void_p))
    faulthandler.enable(file=dump)


def _is_ordinary(*, enabled: bool) -> None:
    faulthandler.disable()
    _handle(ctypes.CDLL(None), ctypes.c_void_p(signal.SIG_DFL))
    if enabled:
        faulthandler.enable()


def _handle(c: ctypes.CDLL, handler: ctypes.c_void_p) -> None:
    c.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
    c.signal.restype = ctypes.c_void_p
    c.signal(_SIGNAL, handler)
