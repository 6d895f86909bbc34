"""The flight is booked, and answered with JSON that holds no booking: that is no answer, and it is undone."""

from __future__ import annotations

from dataclasses import replace

from fakes.flights import Flights
from harness import GarbledBody, NthCall, Recorded
from scenarios.saga import flight_answer_garbled

scenario = replace(
    flight_answer_garbled.scenario,
    faults=[
        GarbledBody(on=Flights.book, when=NthCall(n=1)),
        GarbledBody(on=Flights.book, raw=b"{}", when=NthCall(n=2)),
        GarbledBody(on=Flights.book, raw=b"[]", when=NthCall(n=3)),
    ],
    expects=[
        *flight_answer_garbled.scenario.expects,
        Recorded(
            event="ActivityTaskStarted",
            having={"attempt": 3, "lastFailure": {"applicationFailureInfo": {"type": "UnreadableAnswer"}}},
            count=1,
        ),
    ],
    claims=(),
)
