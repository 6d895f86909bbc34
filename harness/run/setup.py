"""Sets the testbed of a run: its fakes, each behind a proxy, and the workers of its application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from random import Random

from harness.environment.open import Environment
from harness.environment.temporal.server import TemporalServer
from harness.events import ConnectTried, EnvironmentReady, ServiceStarted
from harness.evidence.event_stream import Stream
from harness.files.path_part import path_part
from harness.scenario import Scenario
from harness.services.service import Service
from harness.services.workflow_clock import tell_the_time
from harness.temporal.history_feed import HistoryFeed
from harness.testbed.ports import Part, Proxy
from harness.testbed.testbed import Testbed
from harness.workers.build import worker_in_process
from harness.workers.connect_audit import connects_seen
from harness.workers.failpoints import Failpoints
from harness.workers.hooks import RunHooks
from harness.workers.loop_watch import WatchedRun
from harness.workers.pool import WorkerPool, Workers


@asynccontextmanager
async def fakes_of(
    scenario: Scenario, environment: Environment, server: TemporalServer, *, ids: str, seed: int, stream: Stream
) -> AsyncIterator[Testbed]:
    """Have a scenario's fakes up inside the context, a proxy in front of each, and another on the link if it breaks.

    Raises:
        EnvironmentUnavailable: One does not come up.
    """
    stream.emit(EnvironmentReady(temporal=str(server), toxiproxy=str(environment.toxiproxy)))
    async with AsyncExitStack() as stack:
        services = {kind: kind(stream.emit) for kind in scenario.uses}
        tell_the_time(services.values(), stream, by=scenario.server.clock)
        proxies: dict[type[Service] | Part, Proxy] = {}
        for kind, service in services.items():
            await service.open(
                environment.guard, log=environment.folder / f"{path_part(ids)}-{path_part(kind.name())}.log"
            )
            stack.push_async_callback(service.stop)
            name = f"{ids}-{kind.name()}"
            proxies[kind] = await environment.toxiproxy.create_proxy(name, upstream=service.address)
            stack.push_async_callback(environment.toxiproxy.delete_proxy, name)
            stack.enter_context(connects_seen(proxies[kind].address, partial(_tried, stream, kind.name())))
            stream.emit(ServiceStarted(service=kind.name(), address=service.address, proxy=proxies[kind].address))
        if any(fault.on is Part.LINK for fault in scenario.faults):
            name = f"{ids}-link"
            proxies[Part.LINK] = await environment.toxiproxy.create_proxy(name, upstream=server.address)
            stack.push_async_callback(environment.toxiproxy.delete_proxy, name)
        routes = {host: proxies[kind].address for kind in services for host in kind.hosts}
        environment_of_workers: dict[str, str] = {}
        if routes:
            # It takes longer to import than most runs last.
            from harness.fixed_hosts.run_hosts import hosts_reach_fakes  # noqa: PLC0415

            environment_of_workers = await stack.enter_async_context(hosts_reach_fakes(routes, emit=stream.emit))
        yield Testbed(
            stream=stream,
            services=services,
            proxies=proxies,
            history=HistoryFeed(),
            random=Random(seed),  # noqa: S311 - repeatable chance, not secrecy
            failpoints=Failpoints(stream.emit),
            server=server.process if scenario.server.breakable else None,
            environment_of_workers=environment_of_workers,
        )


def _tried(stream: Stream, service: str) -> None:
    stream.emit(ConnectTried(service=service))


@asynccontextmanager
async def workers_of(
    scenario: Scenario,
    environment: Environment,
    server: TemporalServer,
    *,
    ids: str,
    testbed: Testbed,
    watched: WatchedRun,
    hooks: RunHooks | None,
) -> AsyncIterator[None]:
    """Have the application's workers up inside the context, with the proxies' addresses as their base URLs.

    Raises:
        EnvironmentUnavailable: A worker process does not come up.
    """
    base_urls = {
        kind.name(): service.base_url(testbed.proxies[kind].address) for kind, service in testbed.services.items()
    }
    if scenario.workers is None:
        async with worker_in_process(
            scenario.application.client(server.client),
            task_queue=ids,
            application=scenario.application,
            base_urls=base_urls,
            emit=testbed.stream.emit,
            failpoints=testbed.failpoints,
            begins=partial(environment.loop_watch.belongs, watched),
            hooks=hooks,
        ):
            yield
        return
    link = testbed.proxies.get(Part.LINK)
    worker_pool = WorkerPool(
        client=server.client,
        temporal=server.address if link is None else link.address,
        environment_config=server.provider == "address",
        task_queue=ids,
        base_urls=base_urls,
        application=scenario.application,
        processes=scenario.workers,
        by_host=[kind.name() for kind in testbed.services if kind.hosts],
        environment=testbed.environment_of_workers,
        timeouts_at_most=None if hooks is None else hooks.timeouts_at_most,
        interpreter=environment.interpreter,
    )
    workers = Workers(
        worker_pool,
        fork_server=environment.fork_server,
        guard=environment.guard,
        log=environment.folder / f"{path_part(ids)}-worker.log",
        emit=testbed.stream.emit,
        failpoints=testbed.failpoints,
    )
    async with workers.listening():
        await asyncio.gather(*(workers.start() for _ in range(scenario.workers.count)))
        testbed.workers = workers
        yield
