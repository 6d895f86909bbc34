"""Nothing fails: never more than five requests at once, and the answers come in the order of the requests."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.quotes import Quotes
from harness import Application, Attempts, Call, ConcurrencyKept, LiveRun, Outcome, Scenario
from scenarios.rate_limits.activities import quote_activities
from scenarios.rate_limits.workflow import AskPrices, Errand

# Long enough that they meet if they can.
QUOTES = Quotes.limited(100, timedelta(minutes=1), takes=timedelta(milliseconds=100))


def named(count: int) -> list[str]:
    """Name so many requests."""
    return [f"item {number}" for number in range(count)]


def prices(count: int) -> list[str]:
    """What the service answers to them, in their order."""
    return [f"price of {name}" for name in named(count)]


async def drive(run: LiveRun) -> None:
    """Serve nothing until five requests are there, however long that takes."""
    service = run.testbed.fake(QUOTES.ask)
    full = asyncio.Event()

    async def hold(_: Call) -> None:
        if service.in_flight >= 5:
            full.set()
        await full.wait()

    with service.watched(QUOTES.ask, hold):
        await full.wait()


scenario = Scenario(
    application=Application(workflows=[AskPrices], activities=quote_activities, data_converter=pydantic_data_converter),
    workflow=AskPrices.run,
    given=Errand(requests=named(18), at_once=5),
    uses=[QUOTES],
    drive=drive,
    expects=[
        Outcome(result=prices(18)),
        Attempts(of=QUOTES.ask, count=18),
        ConcurrencyKept(of=QUOTES.ask, limit=5, at_least=5),
    ],
    claims=["SEM-001"],
)
