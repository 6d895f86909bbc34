"""Ends an exploration in which code in C holds the Python interpreter, so that no other thread runs any more.

Nothing in Python can see to that: Python's `faulthandler`, which works without the interpreter, writes down where each
thread stands and ends the process; a small process beside it then says what has happened.
"""

from __future__ import annotations

import asyncio
import faulthandler
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HELD_FOR = 30.0
"""After how many seconds in which no other thread could run the process ends."""

PACKAGE = Path(__file__).parents[1]

_DONE = "done"

_EPILOGUE = """
import os, re, sys
file, *places = sys.argv[1:]
lines = [line.rstrip() for line in sys.stdin]
if "done" not in lines:
    dump = open(file, encoding="utf-8").read()
    first = re.findall(r'most recent call first\\):\\n  File "(.*)", line (\\d+) in', dump)
    where = next((f"{path}:{line}" for path, line in first if not path.startswith(tuple(places))), "")
    os.remove(file)
    if dump:
        print(f"\\nINCONCLUSIVE {lines[-1] if lines else 'explored nothing'}: the code at {where or 'an unknown line'} "
              "holds the Python interpreter and does not return, so nothing else can run. Continue with --resume.")
"""


@contextmanager
def interpreter_guard(progress: Callable[[], str]) -> Iterator[Callable[[], Coroutine[Any, Any, None]]]:
    """Give something to run in the event loop: if that stands still, and all other threads, the process ends.

    Its exit code is 1 then.

    Args:
        progress: Returns how far it has come, in a few words.
    """
    with tempfile.NamedTemporaryFile(mode="w", encoding="utf-8", suffix=".txt") as file:
        places = [str(PACKAGE), sys.base_prefix, *(path for path in sys.path if path.endswith("site-packages"))]
        command = [sys.executable, "-c", _EPILOGUE, file.name, *places]
        # In a session of its own: Ctrl-C is for the exploration, which ends in good order.
        beside = subprocess.Popen(command, stdin=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603 - ours
        assert beside.stdin is not None  # noqa: S101 - it was asked for

        async def go_on() -> None:
            while True:
                faulthandler.dump_traceback_later(HELD_FOR, exit=True, file=file)
                print(progress(), file=beside.stdin, flush=True)
                await asyncio.sleep(1)

        try:
            yield go_on
        finally:
            faulthandler.cancel_dump_traceback_later()
            beside.communicate(_DONE)
