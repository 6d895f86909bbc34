"""The process beside a command that ends it when it goes silent: see `interpreter_guard.py`, which starts it.

It is run by its path, and imports the harness only when it has something to say, so that it is up in some 20 ms.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import sys
from collections.abc import Iterator, Sequence

_KEPT = 2**20
"""How many of the last bytes are kept: of all the progress, only the last line counts."""


def main(pid: str, held_for: str, hint: str, *places: str) -> None:
    """Read what the command says until it is done; when it has gone silent, end it and say where it is.

    Args:
        pid: Of the command.
        held_for: For how many seconds it must have been silent.
        hint: What to do about it, a sentence.
        places: Where code is that is not the application's.
    """
    said, silent = _read(int(pid), float(held_for))
    progress, dump = "nothing has begun", []
    for line in said.decode(errors="replace").splitlines():
        if line == "null":
            return
        if line.startswith('"'):
            progress = json.loads(line)
        else:
            dump.append(line)
    if not dump:
        # It was killed.
        return
    from harness.files.printable import say  # noqa: PLC0415 - only now

    if not silent:
        # It has crashed by itself.
        say("\n".join(dump), err=True)
        return
    where = next(_application(dump, places), "an unknown line")
    say(
        f"\nINCONCLUSIVE {progress}: the code at {where} holds the Python interpreter and does not return, so nothing "
        f"else can run. {hint}"
    )


def _read(pid: int, held_for: float) -> tuple[bytes, bool]:
    """Return the last of what it said, and whether it was silent until it was ended."""
    said, silent = b"", False
    while not said.endswith(b"\nnull\n"):
        ready, _, _ = select.select([0], [], [], None if silent else held_for)
        if not ready:
            if not _is_stopped(pid):
                os.kill(pid, signal.SIGILL)
                silent = True
            continue
        more = os.read(0, 2**16)
        if not more:
            break
        said = (said + more)[-_KEPT:]
    return said, silent


def _is_stopped(pid: int) -> bool:
    """Whether it was stopped, with Ctrl-Z or by a debugger; not known where there is no /proc."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - before any import
            return file.read().rpartition(")")[2].split()[0] in {"T", "t"}
    except OSError:
        return False


def _application(dump: Sequence[str], places: Sequence[str]) -> Iterator[str]:
    """Yield the innermost line of the application of each thread that has one."""
    found = False
    for line in dump:
        frame = re.fullmatch(r'  File "(.*)", line (\d+) in .*', line)
        if frame is None:
            found = False
        elif not found and not frame[1].startswith((*places, "<")):
            found = True
            yield f"{frame[1]}:{frame[2]}"


if __name__ == "__main__":
    main(*sys.argv[1:])
