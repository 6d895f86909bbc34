"""What every command needs of standard output and error: that they are there, and take any character."""

from __future__ import annotations

import io
import os
import sys

_LAST = 2
"""The number of standard error, the last of the standard streams."""


def prepare_streams() -> str:
    """Prepare the standard streams of this process; return what is wrong with standard output, "" for nothing.

    A character that the locale's encoding lacks is printed as an escape.
    """
    # A file that is opened later must not get the number of a stream that is closed: children would write into it.
    while (number := os.open(os.devnull, os.O_RDWR)) <= _LAST:
        pass
    os.close(number)
    for one in (sys.stdout, sys.stderr):
        if isinstance(one, io.TextIOWrapper):
            one.reconfigure(errors="backslashreplace")
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as the process lives
    return "" if sys.stdout is not None else "standard output is closed; redirect it, to /dev/null if need be."
