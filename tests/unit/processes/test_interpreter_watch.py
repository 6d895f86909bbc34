"""What the process beside a command makes of the lines that Python's `faulthandler` writes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from harness.processes.interpreter_watch import _application, _is_stopped

DUMP = """Fatal Python error: Illegal instruction

Thread 0x01 (most recent call first):
  File "/python/threading.py", line 331 in wait
  File "/python/threading.py", line 1002 in _bootstrap

Current thread 0x02 (most recent call first):
  File "/python/re/__init__.py", line 166 in match
  File "/shop/a "good" one.py", line 12 in check
  File "/shop/worker.py", line 40 in run
  File "/site-packages/temporalio/worker.py", line 7 in run

Extension modules: google._upb._message (total: 1)
"""


def test_the_innermost_line_of_the_application_is_found() -> None:
    """Though code of Python's own, in Python, called what holds the interpreter."""
    assert list(_application(DUMP.splitlines(), ["/python", "/site-packages"])) == ['/shop/a "good" one.py:12']
    assert list(_application(DUMP.splitlines(), ["/python", "/site-packages", "/shop"])) == []


@pytest.mark.skipif(sys.platform != "linux", reason="there is no /proc")
def test_a_process_that_was_stopped_is_not_taken_for_one_that_hangs() -> None:
    """Such as with Ctrl-Z."""
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE)  # noqa: S607 - on every PATH
    try:
        assert not _is_stopped(process.pid)
        process.send_signal(signal.SIGSTOP)
        os.waitpid(process.pid, os.WUNTRACED)
        assert _is_stopped(process.pid)
    finally:
        process.kill()
        process.communicate()
    assert not _is_stopped(process.pid)
