"""What is armed is healed, in reverse order, on every way out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from fakes.flights import Flights
from harness import AtStart, LostReply, Stage, Trigger
from harness.arming import armed
from harness.events import FaultArmed, FaultHealed
from harness.stage import Target
from harness.trigger import Bounds, Switch
from tests.unit.stagehands import set_stage


@dataclass(frozen=True, kw_only=True)
class ByHand:
    """A trigger whose switch is handed out."""

    switches: list[Switch]

    def bounds(self, on: Target) -> Bounds:
        """At least once."""
        return Bounds()

    @asynccontextmanager
    async def attach(self, stage: Stage, *, on: Target, switch: Switch) -> AsyncIterator[None]:
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
    async def attach(self, stage: Stage, *, on: Target, switch: Switch) -> AsyncIterator[None]:
        """Arm, and fail."""
        await switch.arm()
        raise RuntimeError("cannot be attached")
        yield


def story(stage: Stage) -> list[str]:
    """What was armed and healed, in order."""
    return [
        f"{'arm' if isinstance(event, FaultArmed) else 'heal'} {event.fault}"
        for event in stage.stream.events
        if isinstance(event, FaultArmed | FaultHealed)
    ]


def loses(when: Trigger) -> LostReply:
    """A fault on flights."""
    return LostReply(on=Flights.book, when=when)


async def test_faults_are_healed_in_reverse_order() -> None:
    """As they lie on each other."""
    stage = set_stage(Flights)
    async with armed({"a": loses(AtStart()), "b": loses(AtStart())}, stage):
        pass

    assert story(stage) == ["arm a", "arm b", "heal b", "heal a"]


async def test_faults_are_healed_when_the_run_breaks() -> None:
    """The error passes through, and nothing stays armed."""
    stage = set_stage(Flights)
    with pytest.raises(ZeroDivisionError):
        async with armed({"a": loses(AtStart()), "b": loses(AtStart())}, stage):
            raise ZeroDivisionError

    assert story(stage) == ["arm a", "arm b", "heal b", "heal a"]


async def test_faults_are_healed_when_a_later_one_cannot_be_armed() -> None:
    """Also the one whose trigger failed after it had armed it."""
    stage = set_stage(Flights)
    with pytest.raises(RuntimeError, match="cannot be attached"):
        async with armed({"a": loses(AtStart()), "b": loses(Unattachable())}, stage):
            pass

    assert story(stage) == ["arm a", "arm b", "heal b", "heal a"]


async def test_a_fault_is_armed_and_healed_as_often_as_its_trigger_likes() -> None:
    """Twice armed is armed once, twice healed is healed once, and after that it can be armed again."""
    stage, switches = set_stage(Flights), list[Switch]()
    async with armed({"a": loses(ByHand(switches=switches))}, stage):
        (switch,) = switches
        await switch.heal()
        await switch.arm()
        await switch.arm()
        await switch.heal()
        await switch.heal()
        await switch.arm()

    assert story(stage) == ["arm a", "heal a", "arm a", "heal a"]


async def test_what_was_never_armed_is_not_healed() -> None:
    """A trigger that never came leaves no trace, so that the evidence can tell."""
    stage = set_stage(Flights)
    async with armed({"a": loses(ByHand(switches=[]))}, stage):
        pass

    assert story(stage) == []
