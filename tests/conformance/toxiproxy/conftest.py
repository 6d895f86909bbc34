"""Every provider is held to the same contract."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from tests.conformance.toxiproxy.control import Control, OnServer
from tests.conformance.toxiproxy.servers import PROVIDERS, Server
from tests.conformance.toxiproxy.servers import server as running_server
from tests.conformance.toxiproxy.wire import Upstream, echo, sink, upstream

PROFILE = settings(
    deadline=None,
    derandomize=bool(os.environ.get("CI")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

MakeProxy = Callable[..., Awaitable[OnServer]]


def pytest_configure(config: pytest.Config) -> None:
    """Know the mark that says which item of the contract a test is about."""
    config.addinivalue_line("markers", "tx(*items): items of Toxiproxy's contract that the test is about")


@pytest_asyncio.fixture(scope="session", params=PROVIDERS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    """Run each provider once."""
    async with running_server(request.param) as running:
        yield running


@pytest_asyncio.fixture(scope="session")
async def embedded() -> AsyncIterator[Server]:
    """Run our own server, for what the real one does not do or does not survive."""
    async with running_server("embedded") as running:
        yield running


@pytest.fixture
def control(server: Server) -> Control:
    """Give the raw control API."""
    return server.control


async def _made(control: Control, request: pytest.FixtureRequest) -> AsyncIterator[MakeProxy]:
    proxies: list[OnServer] = []

    async def make(upstream: str | Upstream, *toxics: dict[str, Any], **fields: Any) -> OnServer:
        address = upstream if isinstance(upstream, str) else upstream.address
        proxy = await control.proxy(address, *toxics, **fields)
        proxies.append(proxy)
        return proxy

    yield make
    for proxy in proxies:
        await proxy.delete()


@pytest_asyncio.fixture
async def make_proxy(server: Server, request: pytest.FixtureRequest) -> AsyncIterator[MakeProxy]:
    """Make proxies that are deleted when the test is over."""
    async for make in _made(server.control, request):
        yield make


@pytest_asyncio.fixture
async def make_embedded(embedded: Server, request: pytest.FixtureRequest) -> AsyncIterator[MakeProxy]:
    """Make proxies on our own server."""
    async for make in _made(embedded.control, request):
        yield make


@pytest_asyncio.fixture
async def echoing() -> AsyncIterator[Upstream]:
    """Run a service that sends back what comes."""
    async with upstream(echo) as service:
        yield service


@pytest_asyncio.fixture
async def swallowing() -> AsyncIterator[Upstream]:
    """Run a service that swallows what comes."""
    async with upstream(sink) as service:
        yield service
