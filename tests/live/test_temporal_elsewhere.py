"""A Temporal server that is not on loopback is used only if its host is allowed, and what is touched is said first."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import psutil
import pytest
import pytest_asyncio

from harness.environment.open import Environment
from tests.live.commands import harness, make_project
from tests.live.exploring import harness_explore

SHOP = "tests/explored/shop_target.py"
FAR = "192.0.2.77:7233"
"""An address that is kept for documentation: nothing may be sent there, and nothing is."""


@pytest_asyncio.fixture(loop_scope="session")
async def server(harness_environment: Environment) -> AsyncIterator[str]:
    """The address of the shared Temporal server on an interface of this machine that is not loopback."""
    found = [one.address for card in psutil.net_if_addrs().values() for one in card if one.family is socket.AF_INET]
    outside = [one for one in found if not one.startswith("127.")]
    if not outside:
        pytest.skip("this machine has no address besides loopback")
    host, _, port = harness_environment.temporal.address.rpartition(":")
    pumps: set[asyncio.Task[None]] = set()

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        for one in (pump(reader, back), pump(there, writer)):
            pumps.add(asyncio.create_task(one))

    forwarding = await asyncio.start_server(forward, outside[0], 0)
    yield f"{outside[0]}:{forwarding.sockets[0].getsockname()[1]}"
    forwarding.close()
    for task in pumps:
        task.cancel()
    await asyncio.gather(*pumps, return_exceptions=True)
    await forwarding.wait_closed()


@pytest.mark.parametrize("command", [("run", "doors/holds"), ("gate",), ("doctor",), ("explore", "doors/holds")])
async def test_nobody_allowed_it(command: tuple[str, ...], tmp_path_factory: pytest.TempPathFactory) -> None:
    """The mistake of who named it: exit code 2, before anything is started or sent."""
    project = make_project(tmp_path_factory.mktemp("project"))
    ended = await harness(*command, "--temporal", FAR, cwd=project)

    assert ended.code == 2
    assert f"the Temporal server at {FAR} is not on this machine's loopback" in ended.err
    assert "--temporal-allow 192.0.2.77" in ended.err
    assert "Traceback" not in ended.out + ended.err
    assert not [*project.glob("runs/*/report.json")]


async def test_an_option_allows_it(server: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is said first what is touched, then the scenario runs there; the command to repeat it has the option."""
    project = make_project(tmp_path_factory.mktemp("project"))
    host = server.rpartition(":")[0]
    ended = await harness(
        "run", "doors/holds", "--temporal", server, "--temporal-allow", host, "--namespace", "default", cwd=project
    )

    assert ended.code == 0, ended.out + ended.err
    assert f"Temporal server {server} is not on this machine, and is allowed. There, on task queues of" in ended.err
    assert "1 scenario with the workflows Hello" in ended.err
    assert "Faults on workers and their connections to it: none." in ended.err


async def test_the_settings_allow_it(server: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As a list of hosts."""
    project = make_project(tmp_path_factory.mktemp("project"))
    settings = project / "pyproject.toml"
    host = server.rpartition(":")[0]
    settings.write_text(f'{settings.read_text(encoding="utf-8")}\ntemporal_allow = ["{host}"]\n', encoding="utf-8")
    ended = await harness("gate", "--temporal", server, "--namespace", "default", cwd=project)

    assert ended.code == 0, ended.out + ended.err
    assert f"Temporal server {server} is not on this machine, and is allowed." in ended.err


async def test_an_exploration_says_so_too(server: str) -> None:
    """Whose schedules run on it."""
    host = server.rpartition(":")[0]
    where = ["--temporal", server, "--namespace", "default"]
    refused = await harness_explore(SHOP, *where)
    allowed = await harness_explore(SHOP, *where, "--temporal-allow", host, "--only", "charge#1:lost_last")

    assert refused.code == 2
    assert f"--temporal-allow {host}" in refused.err
    assert (
        f"Temporal server {server} is not on this machine, and is allowed. The workflows of {SHOP} run" in allowed.err
    )
    assert f"--temporal {server} --temporal-allow {host}" in allowed.out
