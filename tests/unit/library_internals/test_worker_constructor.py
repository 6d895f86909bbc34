"""Workers that tests make themselves get a plugin: without that, none of their runs is replayed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from temporalio.plugin import SimplePlugin
from temporalio.worker import Worker

from harness.library_internals.worker_constructor import plugin_for_every_worker


class RefusedError(Exception):
    """The worker was asked to be made, and stops there: it has no client."""


class Seen(SimplePlugin):
    """Sees what a worker is configured with, before the worker uses any of it."""

    def configure_worker(self, config: Any) -> Any:
        """Stop there."""
        raise RefusedError(self.name(), config["task_queue"])


def test_a_worker_made_inside_the_context_has_the_plugin() -> None:
    """It sees the worker's configuration."""
    client: Any = Client()
    asked: list[Mapping[str, Any]] = []

    def plugin(options: Mapping[str, Any]) -> SimplePlugin:
        asked.append(options)
        return Seen("seen")

    with plugin_for_every_worker(plugin), pytest.raises(RefusedError, match=r"'seen', 'orders'"):
        Worker(client, task_queue="orders")

    assert [one["task_queue"] for one in asked] == ["orders"]


def test_afterwards_workers_are_made_as_before() -> None:
    """Also when something went wrong inside."""
    before = Worker.__init__
    with pytest.raises(RefusedError), plugin_for_every_worker(lambda _: Seen("seen")):
        raise RefusedError

    assert Worker.__init__ is before


class Client:
    """All that a worker asks of its client before it asks its plugins."""

    def config(self, *, active_config: bool = False) -> dict[str, Any]:
        """No plugins."""
        return {"plugins": [], "interceptors": [], "active": active_config}
