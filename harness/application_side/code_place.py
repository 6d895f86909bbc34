"""Where code stands, in the application's own files."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

_PACKAGE = str(Path(__file__).parents[1])


def is_application(file: str) -> bool:
    """Whether code of this file is neither a library's, nor Python's own, nor the harness's."""
    return "site-packages" not in file and not file.startswith((sys.base_prefix, "<", _PACKAGE))


def place(frame: FrameType | None) -> str:
    """Return the file and line of a frame's innermost application code, or of the frame where there is none."""
    innermost = frame
    while frame is not None:
        if is_application(frame.f_code.co_filename):
            return f"{short(frame.f_code.co_filename)}:{frame.f_lineno}"
        frame = frame.f_back
    return "" if innermost is None else f"{short(innermost.f_code.co_filename)}:{innermost.f_lineno}"


def short(file: str) -> str:
    """Return a path from the working directory, where it lies inside."""
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except (OSError, ValueError):
        # Asked once: another thread may change the working directory meanwhile, or remove it.
        return file
