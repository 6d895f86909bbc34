"""An application's own worker program runs as it is: on another server and task queue, and with other hosts."""

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

from harness.workers.offline import refuse_other_hosts
from harness.workers.program import RunPlugin
from harness.workers.rewritten_hosts import rewrite_hosts

HOSTS = """
BASE = "https://api.pay.example/v1"
DERIVED = f"{BASE}/charges"
OTHERS = ["https://api.pay.example.org", "see https://api.pay.example", "https://other.example"]


def inside(order, base="https://api.pay.example"):
    return f"https://api.pay.example/{order}", base
"""

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


@pytest.fixture
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])


@pytest.mark.usefixtures("_as_before")
def test_texts_that_begin_with_a_host_begin_with_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Constants, what is made of them, defaults and texts inside functions; no other host, and no file."""
    (tmp_path / "hosts_in_code.py").write_text(HOSTS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    rewrite_hosts({"https://api.pay.example": "http://127.0.0.1:7"}, root=tmp_path)
    import hosts_in_code as module  # type: ignore[import-not-found]  # noqa: PLC0415 - it is written by this test

    assert module.DERIVED == "http://127.0.0.1:7/v1/charges"
    assert module.OTHERS == ["https://api.pay.example.org", "see https://api.pay.example", "https://other.example"]
    assert module.inside(3) == ("http://127.0.0.1:7/3", "http://127.0.0.1:7")
    assert (tmp_path / "hosts_in_code.py").read_text(encoding="utf-8") == HOSTS
    # Bytecode with the other host would be used by the next import without this.
    assert not (tmp_path / "__pycache__").exists()
    del sys.modules["hosts_in_code"]


@pytest.mark.usefixtures("_as_before")
def test_modules_outside_the_project_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so do packages that are installed inside it."""
    for folder in ("elsewhere", "project/site-packages"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"hosts_{folder[:4]}.py").write_text(HOSTS, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path / folder)
    rewrite_hosts({"https://api.pay.example": "http://127.0.0.1:7"}, root=tmp_path / "project")
    for name in ("hosts_else", "hosts_proj"):
        module: Any = __import__(name)

        assert module.BASE == "https://api.pay.example/v1"
        del sys.modules[name]


def test_other_hosts_are_refused_and_fakes_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variables that HTTP clients honour."""
    monkeypatch.setattr(os, "environ", os.environ.copy())
    refuse_other_hosts()

    assert getproxies()["https"] == getproxies()["http"] == "http://127.0.0.1:9"
    assert proxy_bypass("127.0.0.1:8080")
    assert not proxy_bypass("api.stripe.com")
    assert should_bypass_proxies("http://127.0.0.1:8080/x", no_proxy=None)


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
