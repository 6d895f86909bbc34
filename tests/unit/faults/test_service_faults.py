"""What the faults inside a fake have in common."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from fakes.flights import Flights
from harness import Fault, GarbledBody, HttpError, LateReply, LostReply, OnlyNthCall, RateLimit
from harness.events import EffectApplied, FaultFired
from harness.faults.families import ServiceFault
from harness.services.operation import Call, Proceed, Reply, Silence
from tests.unit.builders import evidence
from tests.unit.fake_testbed import book, cancel, set_stage, told


@pytest.mark.parametrize(
    "fault",
    [
        HttpError(on=Flights.book),
        LostReply(on=Flights.book),
        GarbledBody(on=Flights.book),
        RateLimit(on=Flights.book, limit="1/hour", taken=1),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_only_calls_of_its_operation_while_it_is_armed_are_hit(fault: Fault) -> None:
    """Before, after, and at another operation all is as ever; each hit is counted with its call."""
    testbed = set_stage(Flights)
    flights = testbed.fake(Flights)
    before = await book(flights, "a")
    async with fault.arm(testbed, name="f"):
        await book(flights, "b")
        other = await cancel(flights, "a")
    after = await book(flights, "c")

    assert (before.status, other.status, after.status) == (201, 200, 201)
    assert [event.call for event in testbed.stream.events if isinstance(event, FaultFired)] == ["flights.book#2"]
    assert fault.fired(evidence(testbed.stream.events), name="f") == 1
    assert fault.fired(evidence(testbed.stream.events), name="another") == 0


async def test_of_two_faults_the_first_armed_is_the_outermost() -> None:
    """What the inner one answers is what the outer one loses."""
    testbed = set_stage(Flights)
    async with (
        LostReply(on=Flights.book).arm(testbed, name="lost"),
        HttpError(on=Flights.book).arm(testbed, name="503"),
    ):
        answer = await book(testbed.fake(Flights))

    assert answer.status is None
    assert [event.fault for event in testbed.stream.events if isinstance(event, FaultFired)] == ["503", "lost"]
    assert told(testbed, EffectApplied) == []


async def test_an_inner_silence_leaves_the_outer_fault_nothing_to_do() -> None:
    """There is no answer left to garble; only the fault that acted has fired."""
    testbed = set_stage(Flights)
    async with (
        GarbledBody(on=Flights.book).arm(testbed, name="garbled"),
        LostReply(on=Flights.book).arm(testbed, name="lost"),
    ):
        answer = await book(testbed.fake(Flights))

    assert answer.status is None
    assert [event.fault for event in testbed.stream.events if isinstance(event, FaultFired)] == ["lost"]


@pytest.mark.parametrize(
    "fault", [LostReply(on=Flights.book), GarbledBody(on=Flights.book), LateReply(on=Flights.book)]
)
def test_a_fault_without_settings_is_sound(fault: Fault) -> None:
    """There is nothing to be wrong."""
    assert list(fault.problems()) == []


@dataclass(frozen=True, kw_only=True)
class _Sometimes(ServiceFault):
    """A user's own kind, which spares some calls."""

    def way(self, call: Call) -> str:
        """What happens to a call, by its key."""
        return str(call.key)

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Spare it, do it twice, say the same again, or change it."""
        reply = await proceed()
        match self.way(call):
            case "twice":
                return await proceed()
            case "changed":
                return replace(reply, status=500)
            case "silent":
                return Silence(why="it was lost")
            case "copied":
                return replace(reply)
        return reply


@pytest.mark.parametrize(("key", "fired"), [("spared", 0), ("copied", 0), ("changed", 1), ("silent", 1), ("twice", 1)])
@pytest.mark.parametrize("nth", [False, True], ids=["itself", "only its nth call"])
async def test_a_call_that_is_spared_is_no_firing(key: str, fired: int, nth: bool) -> None:  # noqa: FBT001 - a case
    """A fault that has changed nothing has proven nothing."""
    testbed = set_stage(Flights)
    fault: ServiceFault = _Sometimes(on=Flights.book)
    if nth:
        fault = OnlyNthCall(on=Flights.book, n=1, fault=fault)
    async with fault.arm(testbed, name="f"):
        await book(testbed.fake(Flights), key)

    assert fault.fired(evidence(testbed.stream.events), name="f") == fired
