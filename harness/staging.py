"""Sets the stage of a run: its fakes, each behind a proxy, and the workers of its application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from random import Random

from harness.around import Around
from harness.connects import connects_seen
from harness.crew import Crew, Workers
from harness.environment.open import Environment
from harness.environment.temporal.server import TemporalServer
from harness.events import ConnectTried, EnvironmentReady, ServiceStarted
from harness.points import Points
from harness.scenario import Scenario
from harness.service import Service
from harness.stage import HistoryFeed, Part, Proxy, Stage
from harness.stream import Stream
from harness.worker import worker_in_process
from harness.workflow_clock import tell_the_time


@asynccontextmanager
async def fakes_of(
    scenario: Scenario, environment: Environment, server: TemporalServer, *, ids: str, seed: int, stream: Stream
) -> AsyncIterator[Stage]:
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
            await service.open(environment.leash, log=environment.folder / f"{ids}-{kind.name()}.log")
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
        yield Stage(
            stream=stream,
            services=services,
            proxies=proxies,
            history=HistoryFeed(),
            random=Random(seed),  # noqa: S311 - repeatable chance, not secrecy
            points=Points(stream.emit),
            server=server.process if scenario.server.breakable else None,
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
    stage: Stage,
    around: Around | None,
) -> AsyncIterator[None]:
    """Have the application's workers up inside the context, with the proxies' addresses as their base URLs.

    Raises:
        EnvironmentUnavailable: A worker process does not come up.
    """
    base_urls = {kind.name(): service.base_url(stage.proxies[kind].address) for kind, service in stage.services.items()}
    if scenario.workers is None:
        async with worker_in_process(
            scenario.application.client(server.client),
            task_queue=ids,
            application=scenario.application,
            base_urls=base_urls,
            emit=stage.stream.emit,
            points=stage.points,
            around=around,
        ):
            yield
        return
    link = stage.proxies.get(Part.LINK)
    crew = Crew(
        client=server.client,
        temporal=server.address if link is None else link.address,
        environment_config=server.provider == "address",
        task_queue=ids,
        base_urls=base_urls,
        application=scenario.application,
        processes=scenario.workers,
        timeouts_at_most=None if around is None else around.timeouts_at_most,
    )
    workers = Workers(
        crew,
        nursery=environment.nursery,
        leash=environment.leash,
        log=environment.folder / f"{ids}-worker.log",
        emit=stage.stream.emit,
        points=stage.points,
    )
    async with workers.listening():
        await asyncio.gather(*(workers.start() for _ in range(scenario.workers.count)))
        stage.workers = workers
        yield
