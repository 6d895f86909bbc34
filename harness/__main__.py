"""`harness` and `python -m harness`."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from harness.completion import VARIABLE, complete
from harness.processes.startup import INTERRUPTED, leave_when_signalled


def main() -> None:
    """Run the command line and leave with its exit code, every time.

    A process that used the Temporal SDK sometimes dies while the interpreter is finalizing, with SIGSEGV or SIGABRT
    (sdk-python issue 300), and the verdict would be lost in exit code 139 or 134. So it does not finalize.
    """
    leave_when_signalled()
    if VARIABLE in os.environ:
        complete()
        os._exit(0)
    from harness import cli  # noqa: PLC0415 - takes a second, in which a signal must already end it without a traceback

    try:
        code = cli.main()
    except KeyboardInterrupt:
        # A second Ctrl-C, while the first one was being reported.
        code = INTERRUPTED
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
