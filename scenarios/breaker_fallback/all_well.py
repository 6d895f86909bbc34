"""Nothing fails: the service answers every request, and its standby is not called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from temporalio.contrib.pydantic import pydantic_data_converter

from fakes.primary import Primary
from fakes.standby import Standby
from harness import Application, Clock, FellBackInOrder, Outcome, Recorded, Scenario, Server
from scenarios.breaker_fallback.activities import fallback_activities
from scenarios.breaker_fallback.workflow import AskWithFallback, Requests, Wanted

# How often the service and its standby are asked for one request.
WELL, FAILED, SPARED = (1, 0), (1, 1), (0, 1)


def requests(count: int, pauses: Mapping[int, float] = {}) -> Requests:
    """Make so many requests, some of them with a pause of so many seconds before them."""
    return Requests(wanted=[Wanted(name=str(one), pause=timedelta(seconds=pauses.get(one, 0))) for one in range(count)])


def asked(*each: tuple[int, int]) -> FellBackInOrder:
    """Expect for each request how often the two are asked, and that the answer says which of them gave it."""
    return FellBackInOrder(
        sources=[Primary.ask, Standby.ask],
        names=["primary", "fallback"],
        per="request",
        calls={str(number): one for number, one in enumerate(each)},
    )


# Production's limits as they are: pauses and what is waited for between attempts are skipped.
scenario = Scenario(
    application=Application(
        workflows=[AskWithFallback], activities=fallback_activities, data_converter=pydantic_data_converter
    ),
    workflow=AskWithFallback.run,
    given=requests(3),
    uses=[Primary, Standby],
    server=Server(clock=Clock.SKIPPING),
    expects=[
        Outcome(
            result=[
                {"request": str(number), "answer": f"primary on {number}", "source": "primary", "degraded": False}
                for number in range(3)
            ]
        ),
        asked(*[WELL] * 3),
        Recorded(
            event="ActivityTaskScheduled",
            having={
                "scheduleToCloseTimeout": "0s",
                "startToCloseTimeout": "10s",
                "retryPolicy": {"initialInterval": "1s", "maximumAttempts": 1},
            },
            count=3,
        ),
    ],
)
