"""`harness` and `python -m harness`."""

from __future__ import annotations

import os
import sys

from harness import cli


def main() -> None:
    """Run the command line and leave with its exit code, every time.

    A process that used the Temporal SDK sometimes dies while the interpreter is finalizing, with SIGSEGV or SIGABRT
    (sdk-python issue 300), and the verdict would be lost in exit code 139 or 134. So it does not finalize.
    """
    code = cli.main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
