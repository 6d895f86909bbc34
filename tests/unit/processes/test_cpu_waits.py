"""How long processes wait for a CPU is what Linux counts."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from harness.processes.cpu_waits import cpu_waits

SPINS = "import os, sys; os.sched_setaffinity(0, {int(sys.argv[1])})\nwhile True: pass"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts it for each process")
def test_processes_that_share_one_cpu_wait_for_it() -> None:
    """Children are found by themselves; of two on one CPU, each waits while the other runs."""
    cpu = str(min(os.sched_getaffinity(0)))
    children = [subprocess.Popen([sys.executable, "-c", SPINS, cpu]) for _ in range(2)]
    try:
        deadline = time.monotonic() + 60
        waited: dict[int, float] = {}
        while not all(waited.get(one.pid, 0) > 0.1 for one in children):
            assert time.monotonic() < deadline, waited
            waited = cpu_waits(os.getpid())
        assert os.getpid() in waited
    finally:
        for one in children:
            one.kill()
            one.wait()


def test_a_process_that_is_gone_waits_no_more() -> None:
    """It may end between two looks."""
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()

    assert cpu_waits(gone.pid) == {}
