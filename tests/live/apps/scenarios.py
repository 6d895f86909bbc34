"""Scenarios of the tiny application, built by the tests that need them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.flights import Flights
from harness import Application, Fault, LiveRun, Oracle, Outcome, Scenario
from harness.events import Event, FaultArmed
from harness.scenario import ScenarioDriver
from harness.temporal.requirements import SHARED, Server
from harness.workers.spec import WorkerProcesses
from tests.live.apps.reserve import Reserve, Wanted
from tests.live.apps.reserve_activities import seat_activities

RESERVE = Application(workflows=[Reserve], activities=seat_activities, data_converter=pydantic_data_converter)


def reserving(
    wanted: Wanted = Wanted(),  # noqa: B008 - a frozen value
    *,
    faults: Sequence[Fault] = (),
    expects: Sequence[Oracle] = (Outcome(),),
    drive: ScenarioDriver | None = None,
    deadline: timedelta = timedelta(seconds=30),
    workers: WorkerProcesses | None = None,
    server: Server = SHARED,
) -> Scenario:
    """Return a scenario that reserves seats at the fake Flights."""
    return Scenario(
        application=RESERVE,
        workflow=Reserve.run,
        given=wanted,
        uses=[Flights],
        faults=faults,
        expects=expects,
        drive=drive,
        deadline=deadline,
        workers=workers,
        server=server,
    )


async def go_once_armed(run: LiveRun) -> None:
    """Let the workflow go on as soon as a fault is in force."""
    await seen(run, FaultArmed)
    await run.handle.signal(Reserve.go)


async def seen(run: LiveRun, kind: type[Event], **having: Any) -> None:
    """Wait until an event of a kind, with these values, was emitted."""
    came = asyncio.Event()

    def look(event: Event) -> None:
        if isinstance(event, kind) and all(getattr(event, name) == value for name, value in having.items()):
            came.set()

    stop = run.testbed.stream.listen(look)
    try:
        for event in run.testbed.stream.events:
            look(event)
        await came.wait()
    finally:
        stop()
