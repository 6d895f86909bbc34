"""Which settings a Temporal server knows: it ignores one that it does not, without a word.

The names are in the program itself; nothing lists them.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterable
from pathlib import Path

KNOWN = "history.timerProcessorMaxTimeShift"
"""One that each server has: a file without it is not the server, but a script that starts one."""


def unknown_settings(names: Iterable[str], program: Path) -> list[str]:
    """Return which of these settings are not in the server's program, whatever their case.

    Args:
        names: Of settings, such as "limit.historyCount.warn".
        program: The server's file.
    """
    wanted = [*names]
    if not wanted or not program.stat().st_size:
        return []
    with program.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(KNOWN.encode()) < 0:
            return []
        return [one for one in wanted if content.find(one.encode()) < 0 and not _in_another_case(one, content)]


def _in_another_case(name: str, content: mmap.mmap) -> bool:
    return re.search(re.escape(name.encode()), content, re.IGNORECASE) is not None
