"""Finds what a process left behind: every descendant inherits a mark in its environment, whoever is its parent now."""

from __future__ import annotations

import os
import time

import psutil

MARK = "HARNESS_TEST_MARK"
"""The environment variable that carries the mark."""


LOOK_AGAIN = 0.05
"""Seconds between two looks at the process table, which tells nobody."""


def marked(mark: str) -> dict[str, str]:
    """Return an environment for a process whose descendants are to be found again."""
    return {**os.environ, MARK: mark}


def alive(mark: str) -> list[psutil.Process]:
    """Return the processes that carry the mark and have not ended."""
    return [one for one in psutil.process_iter() if _carries(one, mark)]


def left_of(mark: str, *, within: float) -> list[psutil.Process]:
    """Wait until no process carries the mark, for so many seconds; return those that do then.

    `psutil.wait_procs` knows processes by their numbers, which the system gives anew: it would take the exit code of a
    child that got the number of one that is gone.
    """
    deadline = time.monotonic() + within
    while (left := alive(mark)) and time.monotonic() < deadline:
        time.sleep(LOOK_AGAIN)
    return left


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
