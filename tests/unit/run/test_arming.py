"""What is armed is healed, in reverse order, on every way out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from fakes.flights import Flights
from harness import AtStart, LostReply, Testbed, Trigger
from harness.events import FaultArmed, FaultHealed
from harness.run.arming import armed
from harness.testbed.testbed import Target
from harness.trigger import Bounds, Switch
from tests.unit.fake_testbed import set_stage


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """A trigger whose switch is handed out."""

    switches: list[Switch]

    def bounds(self, on: Target) -> Bounds:
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Hand it out."""
        self.switches.append(switch)
        yield


@dataclass(frozen=True, kw_only=True)
class Unattachable:
    """A trigger that cannot be attached."""

    def bounds(self, on: Target) -> Bounds:
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm, and fail."""
        await switch.arm()
        raise RuntimeError("cannot be attached")
        yield


def story(testbed: Testbed) -> list[str]:
    """What was armed and healed, in order."""
    return [
        f"{'arm' if isinstance(event, FaultArmed) else 'heal'} {event.fault}"
        for event in testbed.stream.events
        if isinstance(event, FaultArmed | FaultHealed)
    ]


def loses(when: Trigger) -> LostReply:
    """A fault on flights."""
    return LostReply(on=Flights.book, when=when)


async def test_faults_are_healed_in_reverse_order() -> None:
    """As they lie on each other."""
    testbed = set_stage(Flights)
    async with armed({"a": loses(AtStart()), "b": loses(AtStart())}, testbed):
        pass

    assert story(testbed) == ["arm a", "arm b", "heal b", "heal a"]


async def test_faults_are_healed_when_the_run_breaks() -> None:
    """The error passes through, and nothing stays armed."""
    testbed = set_stage(Flights)
    with pytest.raises(ZeroDivisionError):
        async with armed({"a": loses(AtStart()), "b": loses(AtStart())}, testbed):
            raise ZeroDivisionError

    assert story(testbed) == ["arm a", "arm b", "heal b", "heal a"]


async def test_faults_are_healed_when_a_later_one_cannot_be_armed() -> None:
    """Also the one whose trigger failed after it had armed it."""
    testbed = set_stage(Flights)
    with pytest.raises(RuntimeError, match="cannot be attached"):
        async with armed({"a": loses(AtStart()), "b": loses(Unattachable())}, testbed):
            pass

    assert story(testbed) == ["arm a", "arm b", "heal b", "heal a"]


async def test_a_fault_is_armed_and_healed_as_often_as_its_trigger_likes() -> None:
    """Twice armed is armed once, twice healed is healed once, and after that it can be armed again."""
    testbed, switches = set_stage(Flights), list[Switch]()
    async with armed({"a": loses(ByHand(switches=switches))}, testbed):
        (switch,) = switches
        await switch.heal()
        await switch.arm()
        await switch.arm()
        await switch.heal()
        await switch.heal()
        await switch.arm()

    assert story(testbed) == ["arm a", "heal a", "arm a", "heal a"]


async def test_what_was_never_armed_is_not_healed() -> None:
    """A trigger that never came leaves no trace, so that the evidence can tell."""
    testbed = set_stage(Flights)
    async with armed({"a": loses(ByHand(switches=[]))}, testbed):
        pass

    assert story(testbed) == []
