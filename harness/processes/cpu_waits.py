"""How long processes have waited for a CPU, as Linux counts it: time that the machine took, and not their own code."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

NANOSECOND = 1e-9


def cpu_waits(pid: int) -> dict[int, float]:
    """Return for a process and all that descend from it how many seconds their main threads were ready and waited.

    Args:
        pid: The process.

    Returns:
        The seconds since each process began, by process id; empty where the system does not count them.
    """
    waits: dict[int, float] = {}
    left = [pid]
    while left:
        one = left.pop()
        folder = Path(f"/proc/{one}/task/{one}")
        # One that has ended meanwhile waits no more.
        with suppress(OSError, ValueError, IndexError):
            waits[one] = int((folder / "schedstat").read_text(encoding="ascii").split()[1]) * NANOSECOND
            left += map(int, (folder / "children").read_text(encoding="ascii").split())
    return waits
