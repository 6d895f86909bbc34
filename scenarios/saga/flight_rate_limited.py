"""The flight service's window is full: the retry waits as long as Retry-After says, and books at its first try."""

from __future__ import annotations

from dataclasses import replace

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from harness import Attempts, EffectsInOrder, Outcome, RateLimit, Recorded
from scenarios.saga import all_well

scenario = replace(
    all_well.scenario,
    # Without regard for Retry-After all three attempts would fall into the same window.
    faults=[RateLimit(on=Flights.book, limit="1/second", taken=1)],
    expects=[
        Outcome(result={"success": True, "compensated": []}),
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 2, "lastFailure": {"applicationFailureInfo": {"type": "RateLimited"}}},
            count=1,
        ),
        Attempts(of=Flights.book, count=2),
        EffectsInOrder(operations=[Cars.book, Hotels.book, Flights.book]),
    ],
)
