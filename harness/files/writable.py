"""Whether a file or a folder can be written, found before hours of work are to be written there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def why_not_writable(path: Path, *, folder: bool = False) -> str:
    """Return why a path cannot be written, in the system's words; "" when it seems it can. Nothing is created.

    Folders on the way that do not exist yet count as writable where their parent is.

    Args:
        path: A file, or a folder in which files will be made.
        folder: Whether it is a folder.
    """
    for one in (path, *path.parents):
        try:
            mode = one.stat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            return error.strerror or str(error)
        if one == path and not folder:
            if stat.S_ISDIR(mode):
                return os.strerror(errno.EISDIR)
            if not stat.S_ISREG(mode):
                # A device or a pipe, such as /dev/stdout, is written to directly.
                return _denied(one, os.W_OK)
            continue
        if not stat.S_ISDIR(mode):
            return os.strerror(errno.ENOTDIR)
        return _denied(one, os.W_OK | os.X_OK)
    return ""


def _denied(path: Path, wanted: int) -> str:
    if os.access(path, wanted):
        return ""
    read_only = os.statvfs(path).f_flag & os.ST_RDONLY
    return os.strerror(errno.EROFS if read_only else errno.EACCES)
