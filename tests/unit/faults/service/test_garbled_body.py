"""The service does what it was asked, and answers something that cannot be read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakes.flights import Flights
from harness import GarbledBody, Reply
from harness.events import EffectApplied
from tests.unit.fake_testbed import book, set_stage, told


async def test_the_effect_is_committed_and_the_answer_keeps_its_status() -> None:
    """A body cut off in the middle, under a status that promises more."""
    testbed = set_stage(Flights)
    async with GarbledBody(on=Flights.book).arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))

    assert answer.status == 201
    assert b'{"booking": "flight_booking_seat"}'.startswith(answer.raw)
    assert len(told(testbed, EffectApplied)) == 1


async def test_the_bytes_may_be_chosen() -> None:
    """Such as the page of a proxy that does not speak JSON."""
    testbed = set_stage(Flights)
    async with GarbledBody(on=Flights.book, raw=b"<html>").arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))

    assert answer.raw == b"<html>"


@pytest.mark.parametrize("body", [None, True, 1, 12, 1234567, 1.5, "", "text", [], [1, 2], {}, {"a": 1}], ids=repr)
def test_no_garbled_body_can_be_read(body: Any) -> None:
    """Whatever the service answers, half of it is not JSON: half of a number would be."""
    garbled = Reply(body=body).garbled()

    assert garbled.raw is not None
    with pytest.raises(ValueError, match=r"Expecting|Unterminated|Extra"):
        json.loads(garbled.raw)


@pytest.mark.parametrize("reply", [Reply(raw=b""), Reply(status=204), Reply(status=304)], ids=repr)
def test_where_there_is_no_body_nothing_is_garbled(reply: Reply) -> None:
    """The answer is the same, so that the fault does not count as fired."""
    assert reply.garbled() == reply
