"""Finds what a process left behind: every descendant inherits a mark in its environment, whoever is its parent now."""

from __future__ import annotations

import os

import psutil

MARK = "HARNESS_TEST_MARK"
"""The environment variable that carries the mark."""


def marked(mark: str) -> dict[str, str]:
    """Return an environment for a process whose descendants are to be found again."""
    return {**os.environ, MARK: mark}


def alive(mark: str) -> list[psutil.Process]:
    """Return the processes that carry the mark and have not ended."""
    return [one for one in psutil.process_iter() if _carries(one, mark)]


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False
