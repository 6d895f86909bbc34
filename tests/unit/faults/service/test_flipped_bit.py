"""The service answers with something else than it should, and nothing about the answer says so."""

from __future__ import annotations

import pytest

from fakes.flights import Flights
from harness import Call, FakeService, FlippedBit, Reply, operation
from harness.events import EffectApplied
from tests.unit.fake_testbed import ask, book, set_stage, told

WHOLE = b'{"booking": "flight_booking_seat"}'


class Shelf(FakeService):
    """Says how its answer sums up."""

    @operation("GET /books/{key}")
    async def look(self, call: Call) -> Reply:
        """Return a book, or an empty one."""
        raw = b"" if call.key == "none" else b"\x00\x00\x00"
        return Reply(raw=raw, headers={"ETag": "a", "x-amz-checksum-crc32": "b", "Content-MD5": "c", "X-Title": "d"})


@pytest.mark.parametrize(("at", "place"), [(None, len(WHOLE) // 2), (0, 0), (-1, len(WHOLE) - 1), (999, -1), (-999, 0)])
async def test_one_bit_of_the_answer_is_another(at: int | None, place: int) -> None:
    """In the middle, or where it is asked for; its status and its length are as ever, and the effect is committed."""
    testbed = set_stage(Flights)
    async with FlippedBit(on=Flights.book, at=at).arm(testbed, name="f"):
        answer = await book(testbed.fake(Flights))
    expected = bytearray(WHOLE)
    expected[place] ^= 1

    assert (answer.status, answer.raw) == (201, bytes(expected))
    assert len(told(testbed, EffectApplied)) == 1


async def test_no_header_tells() -> None:
    """Those that would are left out; an empty body has no bit to flip, and keeps them."""
    testbed = set_stage(Shelf)
    async with FlippedBit(on=Shelf.look).arm(testbed, name="f"):
        damaged = await ask(testbed.fake(Shelf), "GET /books/any")
        empty = await ask(testbed.fake(Shelf), "GET /books/none")

    assert damaged.raw == b"\x00\x01\x00"
    assert {"x-title"} == {name.lower() for name in damaged.headers} - {"content-type", "content-length"}
    assert empty.raw == b""
    assert "ETag".lower() in {name.lower() for name in empty.headers}
