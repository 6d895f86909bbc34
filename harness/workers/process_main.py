"""A worker in a process of its own, forked from the fork server (`harness.workers.fork_server`).

It is connected to the runner by a Unix socket (`harness.workers.channel`). SIGTERM drains it. It leaves without
finalizing the interpreter (sdk-python issue 300).
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import NoReturn
from urllib.parse import urlsplit

from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig

from harness.application_side.why import why
from harness.errors import EnvironmentUnavailable, HarnessError
from harness.events import ConnectTried
from harness.fixed_hosts.in_process import use_hosts
from harness.workers.application import Application, taken_by
from harness.workers.build import WorkerOptions, running_worker
from harness.workers.by_import_path import packed, unpacked
from harness.workers.channel import Channel
from harness.workers.connect_audit import connects_seen
from harness.workers.custom import WorkerModule
from harness.workers.plugin import Seat, WorkerPlugin


@dataclass(frozen=True, kw_only=True)
class Orders:
    """What a worker process is to do.

    Attributes:
        name: The worker's name.
        socket: Path of the runner's socket.
        temporal: HOST:PORT of the frontend, or of the proxy in front of it.
        namespace: Which namespace.
        environment_config: Whether the connection also uses Temporal's environment configuration.
        task_queue: What to poll.
        base_urls: Where the services are, by name.
        by_host: Those of them that stand in for hosts, so that the application need not take their base URLs.
        environment: Further environment variables, by which it reaches those.
        application: What to run; its classes and functions are sent as import paths.
        own: The custom worker that runs it, if there is one.
        options: How the worker is built.
        path: The runner's import path.
    """

    name: str
    socket: str
    temporal: str
    namespace: str
    environment_config: bool
    task_queue: str
    base_urls: dict[str, str]
    by_host: list[str]
    environment: dict[str, str]
    application: Application
    own: WorkerModule | None
    options: WorkerOptions
    path: list[str]

    def to_text(self) -> str:
        """Return them as text.

        Raises:
            UsageError: The application cannot be found again by its import path.
        """
        plain = {key: getattr(self, key) for key in self.__dataclass_fields__ if key not in _PICKLED}
        return json.dumps({**plain, "pickled": packed({key: getattr(self, key) for key in _PICKLED})})

    @staticmethod
    def from_text(text: str) -> Orders:
        """Read them back. Imports the application."""
        plain = json.loads(text)
        sys.path[:] = plain["path"]
        # Before the application is imported, which may make its clients then.
        os.environ.update(plain["environment"])
        use_hosts()
        pickled = unpacked(plain.pop("pickled"))
        return Orders(**plain, **pickled)


_PICKLED = ("application", "own", "options")


async def _work(orders: Orders) -> None:
    channel = Channel(orders.socket)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    config = ClientConfig.load_client_connect_config() if orders.environment_config else ClientConnectConfig()
    config["target_host"] = orders.temporal
    config["namespace"] = orders.namespace

    with ExitStack() as stack:
        for name, url in orders.base_urls.items():
            stack.enter_context(connects_seen(urlsplit(url).netloc, partial(_tried, channel, name)))
        await _run(orders, config, channel, ended)


def _tried(channel: Channel, service: str) -> None:
    channel.send(ConnectTried(service=service))


async def _run(orders: Orders, config: ClientConnectConfig, channel: Channel, ended: asyncio.Event) -> None:
    if orders.own is not None:
        seat = Seat(
            name=orders.name,
            socket=orders.socket,
            task_queue=orders.task_queue,
            sticky=orders.options.sticky_within.total_seconds(),
        )
        # The rest of what the application declares is what this worker is built with by itself.
        converter = orders.application.data_converter
        client = await Client.connect(**config, data_converter=converter, plugins=[WorkerPlugin(seat)])
        await _run_own(orders.own, client, orders, ended)
        return
    async with running_worker(
        orders.application.client(await Client.connect(**config)),
        name=orders.name,
        task_queue=orders.task_queue,
        application=orders.application,
        base_urls=orders.base_urls,
        options=orders.options,
        emit=channel.send,
        stop=channel.stop,
        stop_now=channel.stop_now,
    ):
        await ended.wait()


async def _run_own(own: WorkerModule, client: Client, orders: Orders, ended: asyncio.Event) -> None:
    function = own.load(tuple(orders.base_urls), by_host=orders.by_host)
    base_urls = taken_by(function, orders.base_urls)
    running = asyncio.create_task(function(client=client, task_queue=orders.task_queue, **base_urls))
    stopping = asyncio.create_task(ended.wait())
    await asyncio.wait([running, stopping], return_when=asyncio.FIRST_COMPLETED)
    if not running.done():
        running.cancel()
        await asyncio.wait([running])
    if not running.cancelled():
        await running
    if not ended.is_set():
        raise EnvironmentUnavailable(
            f"{own.entry} returned before it was cancelled; it must run its worker until then."
        )


def work(orders: str) -> NoReturn:
    """Carry out the orders, and exit with code 0 when drained.

    Args:
        orders: As `Orders.to_text` writes them.
    """
    try:
        asyncio.run(_work(Orders.from_text(orders)))
    except BrokenPipeError:
        # The runner is gone, and its guard is about to kill this process.
        os._exit(1)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - what ends a process goes to its log
        sys.stderr.write(f"{error if isinstance(error, HarnessError) else why(error)}\n")
        sys.stderr.flush()
        os._exit(1)
    sys.stdout.flush()
    os._exit(0)
