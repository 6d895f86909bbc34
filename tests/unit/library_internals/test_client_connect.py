"""Clients that a program connects by itself reach the run's server: without that, its worker polls another one."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.client import Client
from temporalio.plugin import SimplePlugin

from harness.library_internals.client_connect import connect_all_to

OURS, THEIRS = SimplePlugin("ours"), SimplePlugin("theirs")


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The method is put back afterwards."""
    monkeypatch.setattr(Client, "connect", Client.connect)


async def test_a_client_is_connected_to_the_server_with_the_plugins() -> None:
    """Whatever address and namespace it names, and besides its own plugins; what else it is given, it keeps."""
    connect_all_to("127.0.0.1:7", namespace="runs", plugins=[OURS], plain=True)
    options: dict[str, Any] = {"namespace": "shop", "tls": True, "api_key": "x", "identity": "me", "lazy": True}
    client = await Client.connect("temporal.internal:7233", plugins=[THEIRS], **options)
    config = client.service_client.config

    assert (config.target_host, client.namespace, config.identity) == ("127.0.0.1:7", "runs", "me")
    assert not config.tls
    assert config.api_key is None
    assert client.config(active_config=True)["plugins"] == [THEIRS, OURS]


async def test_on_a_server_that_needs_them_a_client_keeps_its_keys() -> None:
    """Also where it names the address by keyword."""
    connect_all_to("cloud:7", namespace="runs", plugins=[], plain=False)
    connect: Any = Client.connect
    client = await connect(target_host="temporal.internal:7233", api_key="x", lazy=True)

    assert (client.service_client.config.target_host, client.service_client.config.api_key) == ("cloud:7", "x")
