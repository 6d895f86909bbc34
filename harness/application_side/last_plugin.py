"""The innermost plugin of a worker or a replayer. Imported where there are plugins: temporalio < 1.18 has none."""

from __future__ import annotations

from collections.abc import Callable

from temporalio.plugin import SimplePlugin
from temporalio.worker import ReplayerConfig, WorkerConfig, WorkflowRunner


class LastPlugin(SimplePlugin):
    """Wraps the workflow runner that the other plugins have chosen.

    Args:
        wrap: Wraps it.
    """

    def __init__(self, wrap: Callable[[WorkflowRunner], WorkflowRunner]) -> None:
        super().__init__("harness.LastPlugin")
        self._wrap = wrap

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Wrap the runner."""
        config = super().configure_worker(config)
        config["workflow_runner"] = self._wrap(config["workflow_runner"])
        return config

    def configure_replayer(self, config: ReplayerConfig) -> ReplayerConfig:
        """Wrap the runner."""
        config = super().configure_replayer(config)
        config["workflow_runner"] = self._wrap(config["workflow_runner"])
        return config
