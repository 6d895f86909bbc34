"""An application's own worker program runs as it is, on another server and task queue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import getproxies, proxy_bypass

import pytest
from requests.utils import should_bypass_proxies

from harness.fixed_hosts.variables import FAKED
from harness.workers.offline import refuse_other_hosts
from harness.workers.program import RunPlugin

SHOWS = """
import json, os, sys
from temporalio.client import Client


def show():
    print(json.dumps([__name__, sys.argv[1:], os.environ.get("PAY_HOST"), Client.connect.__module__]))


async def main():
    show()


if __name__ == "__main__":
    show()
"""


def test_other_hosts_are_refused_and_fakes_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variables that HTTP clients honour."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    refuse_other_hosts()

    assert getproxies()["https"] == getproxies()["http"] == "http://127.0.0.1:9"
    assert proxy_bypass("127.0.0.1:8080")
    assert not proxy_bypass("api.stripe.com")
    assert should_bypass_proxies("http://127.0.0.1:8080/x", no_proxy=None)


def test_a_proxy_of_the_run_refuses_other_hosts_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """And names them, so that `--offline` leaves it in place."""
    monkeypatch.setattr(os, "environ", {FAKED: "api.pay.example", "HTTPS_PROXY": "http://127.0.0.1:7"})
    refuse_other_hosts()

    assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:7"


@pytest.mark.parametrize(
    ("queue", "named", "polled"),
    [(None, "orders", "run"), ("orders", "orders", "run"), ("orders", "mails", "mails")],
)
def test_a_worker_moves_to_the_task_queue_of_the_run(queue: str | None, named: str, polled: str) -> None:
    """All of them, or those of one task queue."""
    config: Any = {"task_queue": named}

    assert RunPlugin(queue, "run").configure_worker(config)["task_queue"] == polled


@pytest.mark.parametrize(("entry", "name"), [("shows", "__main__"), ("shows:show", "shows"), ("shows:main", "shows")])
def test_a_program_is_started_as_it_is(tmp_path: Path, entry: str, name: str) -> None:
    """As a script, by a function, or by a coroutine function; its clients are connected to the run's server."""
    (tmp_path / "shows.py").write_text(SHOWS, encoding="utf-8")
    command = [sys.executable, "-m", "harness.workers.program", "--address", "PAY_HOST=http://127.0.0.1:7", entry, "-v"]
    env = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "TEMPORAL_NAMESPACE": "default", "TEMPORAL_TASK_QUEUE": "run"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == [name, ["-v"], "127.0.0.1:7", "harness.library_internals.client_connect"]
