"""Runs an application's own worker program as it is, on the server and the task queue of a run.

The command of a `WorkerCommand` with `tells=True`:

    {python} -m harness.workers.program [--offline] [--queue NAME] shop.worker

Its last argument is the module to run, or a function of one: `shop.worker:main`.

The program connects to where it always does and names the task queue that it always does: here its clients reach the
run's server, with the harness's plugin, and its worker polls the run's task queue.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import runpy
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from temporalio.worker import WorkerConfig

from harness.fixed_hosts.in_process import use_hosts
from harness.fixed_hosts.names import is_loopback
from harness.library_internals.client_connect import connect_all_to
from harness.workers.offline import refuse_other_hosts
from harness.workers.plugin import WorkerPlugin


class RunPlugin(WorkerPlugin):
    """Moves a worker to the run's task queue, and lets the harness see into it.

    Args:
        queue: The task queue that the program polls; None to move every worker.
        to: The run's.
    """

    def __init__(self, queue: str | None, to: str) -> None:
        super().__init__()
        self._queue = queue
        self._to = to

    def configure_worker(self, config: WorkerConfig) -> WorkerConfig:
        """Change the task queue."""
        if self._queue in {None, config.get("task_queue")}:
            config["task_queue"] = self._to
        return super().configure_worker(config)


@click.command("harness.workers.program", context_settings={"ignore_unknown_options": True})
@click.option("--offline", is_flag=True, help="Refuse HTTP requests to every host but this machine.")
@click.option("--queue", help="The task queue whose workers move to the run's. Default: all.")
@click.option("--address", "addresses", multiple=True, metavar="NAME=URL", help="A variable that has HOST:PORT only.")
@click.argument("entry", metavar="MODULE[:FUNCTION]")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def main(
    *,
    offline: bool,
    queue: str | None,
    addresses: Sequence[str],
    entry: str,
    arguments: Sequence[str],
) -> None:
    """Run the worker program MODULE, or the worker that a function of it runs."""
    use_hosts()
    if offline:
        refuse_other_hosts()
    for one in addresses:
        name, _, url = one.partition("=")
        os.environ[name] = urlsplit(url).netloc
    address = os.environ["TEMPORAL_ADDRESS"]
    connect_all_to(
        address,
        namespace=os.environ["TEMPORAL_NAMESPACE"],
        plugins=[RunPlugin(queue, os.environ["TEMPORAL_TASK_QUEUE"])],
        plain=is_loopback(address.rpartition(":")[0]),
    )
    sys.path.insert(0, str(Path.cwd()))
    module, _, function = entry.partition(":")
    sys.argv = [module, *arguments]
    if not function:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return
    running: Any = getattr(import_module(module), function)()
    if inspect.isawaitable(running):
        asyncio.run(_awaited(running))


async def _awaited(running: Any) -> None:
    await running


if __name__ == "__main__":
    main()
