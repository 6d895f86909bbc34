"""Starts what scenarios share: one Temporal server and one Toxiproxy, started once and reused."""

from __future__ import annotations

import asyncio
import glob
import shlex
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio.client import Client

from harness.environment.host_port import address_problem
from harness.environment.providers import PROVIDERS
from harness.environment.proxy_variables import loopback_goes_direct
from harness.environment.temporal.address import server_at
from harness.environment.temporal.container import server_container
from harness.environment.temporal.dev_server import dev_server
from harness.environment.temporal.elsewhere import elsewhere, not_allowed
from harness.environment.temporal.server import TemporalServer, greet, require_search_attributes
from harness.errors import EnvironmentUnavailable, UsageError, ungrouped, unknown
from harness.extras import Extra, need
from harness.files.path_part import path_part
from harness.files.temporary_folder import remove_stale
from harness.processes.guard import ProcessGuard
from harness.redaction.logs import redact_logs
from harness.replay.engine.run_replays import Replays
from harness.temporal.requirements import SHARED, Server
from harness.workers.fork_server import ForkServer, open_fork_server
from harness.workers.interpreter import Interpreter
from harness.workers.loop_watch import LoopWatch

if TYPE_CHECKING:
    from harness.environment.toxiproxy.adapter import ToxiproxyAdapter


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """Which servers the user asked for; without them, the harness starts its own.

    Attributes:
        temporal: HOST:PORT of a Temporal server, or None for the dev server.
        temporal_allow: The hosts at which that server may be besides loopback, as options allow them.
        policy_allow: The same, as the project's settings allow them.
        temporal_provider: "dev-server" or "container", or None for the dev server.
        temporal_image: The image of a Temporal container.
        namespace: Its namespace, or None for what Temporal's environment configuration says.
        toxiproxy: HOST:PORT of a Toxiproxy, or None.
        toxiproxy_provider: "embedded", "binary", "container" or "address", or None for the first that is there.
        toxiproxy_image: The image of a Toxiproxy container.
        ui: Whether dev servers have their web UI.
        interpreter: The application's own interpreter; None for this one.

    Raises:
        UsageError: An option is wrong or has no effect; every problem at once.
    """

    temporal: str | None = None
    temporal_allow: tuple[str, ...] = ()
    policy_allow: tuple[str, ...] = ()
    temporal_provider: str | None = None
    temporal_image: str | None = None
    namespace: str | None = None
    toxiproxy: str | None = None
    toxiproxy_provider: str | None = None
    toxiproxy_image: str | None = None
    ui: bool = False
    interpreter: Interpreter | None = None

    def __post_init__(self) -> None:
        problems = [
            *self._wrong_temporal(),
            *address_problem("Toxiproxy", self.toxiproxy, example="127.0.0.1:8474"),
        ]
        if self.ui and (self.temporal is not None or self.temporal_provider == "container"):
            problems.append("--ui is for the dev server; your own server, or one in a container, has its own web UI.")
        if self.toxiproxy_image is not None and self.toxiproxy_provider != "container":
            problems.append(f"--toxiproxy-image {self.toxiproxy_image} needs --toxiproxy-provider container.")
        if self.toxiproxy is not None and self.toxiproxy_provider not in {None, "address"}:
            problems.append(
                f"give --toxiproxy ({self.toxiproxy}) or --toxiproxy-provider ({self.toxiproxy_provider}), not both."
            )
        if problems:
            raise UsageError(*problems)

    def _wrong_temporal(self) -> Iterator[str]:
        wrong = [*address_problem("Temporal server", self.temporal, example="127.0.0.1:7233")]
        yield from wrong
        if self.temporal is not None and not wrong:
            yield from not_allowed(self.temporal, {*self.temporal_allow, *self.policy_allow})
        if self.temporal_allow and self.temporal is None:
            yield f"--temporal-allow {self.temporal_allow[0]} needs --temporal HOST:PORT."
        if self.namespace is not None and self.temporal is None:
            yield f"--namespace {self.namespace} needs --temporal HOST:PORT."
        if self.temporal is not None and self.temporal_provider is not None:
            yield f"give --temporal ({self.temporal}) or --temporal-provider ({self.temporal_provider}), not both."
        if self.temporal_provider not in {None, *PROVIDERS}:
            yield unknown("Temporal provider", str(self.temporal_provider), PROVIDERS)
        if self.temporal_image is not None and self.temporal_provider != "container":
            yield f"--temporal-image {self.temporal_image} needs --temporal-provider container."

    @cached_property
    def elsewhere(self) -> str | None:
        """The host of the Temporal server if that is not on this machine's loopback."""
        return None if self.temporal is None else elsewhere(self.temporal)

    @property
    def options(self) -> str:
        """The command-line options that ask for the same."""
        given = {
            "--temporal": self.temporal,
            "--temporal-allow": self.elsewhere,
            "--temporal-provider": self.temporal_provider,
            "--temporal-image": self.temporal_image,
            "--namespace": self.namespace,
            "--toxiproxy": self.toxiproxy,
            "--toxiproxy-provider": self.toxiproxy_provider,
            "--toxiproxy-image": self.toxiproxy_image,
        }
        return "".join(f" {option} {shlex.quote(value)}" for option, value in given.items() if value is not None)


Launch = Callable[..., AbstractAsyncContextManager[TemporalServer]]
"""Runs a server of our own: given where its log goes, what is wanted of it, and where its data go, if anywhere."""


class Environment:
    """The running servers: shared by all runs that need the same, and separate for runs that break theirs.

    Attributes:
        temporal: The server of runs without special requirements.
        toxiproxy: The Toxiproxy.
        guard: Ends child processes should this process die.
        replays: Replays the histories of runs in processes of its own.
        fork_server: Forks worker processes, for the scenarios that want them.
        loop_watch: Sees which activity blocks the event loop that runs share.
        folder: Where the logs of servers go.
        launch: Runs a further server of our own.
        interpreter: The application's own interpreter; None for this one.
    """

    def __init__(
        self,
        *,
        temporal: TemporalServer,
        toxiproxy: ToxiproxyAdapter,
        guard: ProcessGuard,
        fork_server: ForkServer,
        replays: Replays,
        loop_watch: LoopWatch,
        folder: Path,
        launch: Launch,
        stack: AsyncExitStack,
        interpreter: Interpreter | None = None,
    ) -> None:
        self.temporal = temporal
        self.toxiproxy = toxiproxy
        self.guard = guard
        self.fork_server = fork_server
        self.replays = replays
        self.loop_watch = loop_watch
        self.folder = folder
        self.interpreter = interpreter
        self._launch = launch
        self._stack = stack
        self._pool: dict[object, asyncio.Task[TemporalServer]] = {}

    @asynccontextmanager
    async def server_for(self, wanted: Server, *, name: str) -> AsyncIterator[TemporalServer]:
        """Have the server that a run asks for inside the context.

        Args:
            wanted: What it asks for.
            name: The run's name, for the log and the data of a server of its own.

        Raises:
            EnvironmentUnavailable: It cannot be had; a server that the user named is neither configured nor broken.
        """
        if self.temporal.provider == "address":
            await require_search_attributes(self.temporal, wanted.search_attributes)
            wanted = replace(wanted, search_attributes={})
        if wanted.pool_key == SHARED.pool_key and not wanted.breakable:
            yield self.temporal
            return
        if self.temporal.provider == "address":
            raise EnvironmentUnavailable(
                f"this scenario needs {wanted}, which the harness does not do to your server at "
                f"{self.temporal.address}. Leave --temporal out to run it on a dev server."
            )
        if wanted.breakable:
            part = path_part(name)
            log, database = self.folder / f"{part}-temporal.log", self.folder / f"{part}-temporal.db"
            try:
                async with self._launch(log=log, wanted=wanted, database=database) as server:
                    yield server
            finally:
                # The histories are kept in their own form; a database for each run would fill the disk.
                for file in self.folder.glob(f"{glob.escape(database.name)}*"):
                    file.unlink(missing_ok=True)
            return
        if wanted.pool_key not in self._pool:
            log = self.folder / f"temporal-{len(self._pool) + 2}.log"
            starting = self._stack.enter_async_context(self._launch(log=log, wanted=wanted, database=None))
            self._pool[wanted.pool_key] = asyncio.create_task(starting)
        # Shielded: the run that asked first may be interrupted, and others wait for the same server.
        yield await asyncio.shield(self._pool[wanted.pool_key])


@asynccontextmanager
async def open_environment(
    wishes: Wishes, *, folder: Path, seed: int = 0, joins: bool = False
) -> AsyncIterator[Environment]:
    """Bring up what is wished for, both parts at once, and end it when the context is left.

    Args:
        wishes: Which providers.
        folder: Where the servers' own logs go.
        seed: What the embedded Toxiproxy draws chance from.
        joins: Whether the harness itself started the servers at these addresses, in another process, to be shared.

    Raises:
        EnvironmentUnavailable: A part cannot be had. There is no falling back to another provider.
        UsageError: The packages for that are not installed.
    """
    need("a run", Extra.SERVER)
    from harness.environment.toxiproxy.choice import open_toxiproxy  # noqa: PLC0415 - [server] brings what it needs

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentUnavailable(
            f"the folder {folder} cannot be written: {error.strerror}. Choose another with --runs."
        ) from error
    await asyncio.to_thread(remove_stale)
    async with AsyncExitStack() as stack:
        # When all processes have ended.
        stack.callback(redact_logs, folder, since=time.time())
        stack.enter_context(loopback_goes_direct())
        guard = await stack.enter_async_context(ProcessGuard())
        launch = _launch(wishes, guard=guard)
        temporal_stack = await stack.enter_async_context(AsyncExitStack())
        toxiproxy_stack = await stack.enter_async_context(AsyncExitStack())
        toxiproxy = open_toxiproxy(
            guard=guard,
            log=folder / "toxiproxy.log",
            address=wishes.toxiproxy,
            provider=wishes.toxiproxy_provider,
            image=wishes.toxiproxy_image,
            seed=seed,
        )
        with ungrouped():
            async with asyncio.TaskGroup() as group:
                first = group.create_task(_temporal(wishes, launch, stack=temporal_stack, folder=folder, joins=joins))
                second = group.create_task(toxiproxy_stack.enter_async_context(toxiproxy))
        fork_server = await stack.enter_async_context(open_fork_server(guard, log=folder / "fork_server.log"))
        replays = await stack.enter_async_context(Replays(guard, folder))
        loop_watch = LoopWatch()
        stack.enter_context(loop_watch.watching())
        pool = await stack.enter_async_context(AsyncExitStack())
        yield Environment(
            temporal=first.result(),
            toxiproxy=second.result(),
            guard=guard,
            fork_server=fork_server,
            replays=replays,
            loop_watch=loop_watch,
            folder=folder,
            launch=launch,
            stack=pool,
            interpreter=wishes.interpreter,
        )


def _launch(wishes: Wishes, *, guard: ProcessGuard) -> Launch:
    def launch(*, log: Path, wanted: Server, database: Path | None) -> AbstractAsyncContextManager[TemporalServer]:
        if wishes.temporal_provider == "container":
            # Its data stay in the container.
            return server_container(
                image=wishes.temporal_image, log=log, wanted=wanted, keeps_data=database is not None
            )
        return dev_server(guard=guard, log=log, wanted=wanted, database=database, ui=wishes.ui)

    return launch


async def _temporal(
    wishes: Wishes, launch: Launch, *, stack: AsyncExitStack, folder: Path, joins: bool
) -> TemporalServer:
    if wishes.temporal is not None and joins:
        # Without Temporal's environment configuration, which is for the user's own server.
        client = await Client.connect(wishes.temporal, namespace=wishes.namespace or "default")
        return await greet(client, provider="dev-server", address=wishes.temporal)
    if wishes.temporal is not None:
        return await server_at(wishes.temporal, namespace=wishes.namespace)
    return await stack.enter_async_context(launch(log=folder / "temporal.log", wanted=SHARED, database=None))
