"""One direction of one connection, without sockets."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from harness.embedded_toxiproxy.chain import Placed
from harness.embedded_toxiproxy.link import CHUNK, QUEUE_BYTES, Link
from harness.embedded_toxiproxy.toxic import Toxic
from harness.embedded_toxiproxy.toxics.bandwidth import Bandwidth
from harness.embedded_toxiproxy.toxics.latency import Latency
from harness.embedded_toxiproxy.toxics.limit_data import LimitData
from harness.embedded_toxiproxy.toxics.noop import Noop
from harness.embedded_toxiproxy.toxics.slow_close import SlowClose
from harness.embedded_toxiproxy.toxics.timeout import Timeout
from tests.unit.embedded_toxiproxy.fakes import FakeTransport


class Carried:
    """Plays the session of a link.

    Attributes:
        finished: How often the link said that it had delivered everything.
        met: Toxics that acted.
    """

    def __init__(self, *toxics: Placed) -> None:
        self.finished = 0
        self.met: list[str] = []
        self.source, self.destination = FakeTransport(), FakeTransport()
        self.link = Link("upstream", self, asyncio.get_running_loop())
        self.link.start(self.source, self.destination, list(toxics))

    def chance(self, purpose: str) -> Random:
        """Give seeded chance."""
        return Random(purpose)  # noqa: S311 - reproducible on purpose

    def acted(self, name: str) -> None:
        """Record."""
        self.met.append(name)

    def reset(self) -> None:
        """There is no socket."""

    def finish(self, link: Link) -> None:
        """Count."""
        assert link is self.link
        self.finished += 1


def placed(toxic: Toxic, *, name: str = "t", toxicity: float = 1.0) -> Placed:
    """Put a toxic on an upstream."""
    kind = {"LimitData": "limit_data", "SlowClose": "slow_close"}.get(
        type(toxic).__name__, type(toxic).__name__.lower()
    )
    return Placed(name=name, type=kind, stream="upstream", toxicity=toxicity, toxic=toxic)


async def test_plain() -> None:
    """Without toxics bytes are written as they come, and counted."""
    carried = Carried()
    carried.link.receive(b"abc")
    carried.link.source_ended()
    carried.link.source_ended()

    assert carried.destination.written == b"abc"
    assert (carried.link.received, carried.link.sent, carried.link.delivered) == (3, 3, 3)
    assert carried.finished == 1


async def test_early_bytes_wait() -> None:
    """What comes before the other side is there is passed on when it is, the end too."""
    loop = asyncio.get_running_loop()
    carried = Carried()
    link = Link("upstream", carried, loop)
    carried.link = link
    link.receive(b"early")
    link.source_ended()
    destination = FakeTransport()
    link.start(FakeTransport(), destination, [])

    assert destination.written == b"early"
    assert carried.finished == 1


async def test_changes_before_the_start() -> None:
    """Toxics that come and go while the upstream is being dialled do not let bytes through too early."""
    carried = Carried()
    link = Link("upstream", carried, asyncio.get_running_loop())
    carried.link = link
    noop = placed(Noop())
    link.add(noop)
    link.update(noop)
    link.remove(noop)
    link.receive(b"early")
    destination = FakeTransport()
    link.start(FakeTransport(), destination, [])

    assert destination.written == b"early"


async def test_bytes_that_were_waiting_are_not_delivered() -> None:
    """What the destination had not taken when it was lost does not count."""
    carried = Carried()
    carried.link.receive(b"abcdef")
    carried.link.destination_lost(4)
    carried.link.destination_lost(0)
    carried.link.receive(b"more")

    assert carried.link.delivered == 2
    assert carried.link.failed
    assert carried.destination.written == b"abcdef"


async def test_backpressure_without_toxics() -> None:
    """A full destination stops the source, and frees it."""
    carried = Carried()
    carried.link.destination_filled(True)  # noqa: FBT003 - see there
    assert not carried.source.reading
    carried.link.destination_filled(False)  # noqa: FBT003 - see there

    assert carried.source.reading


async def test_backpressure_of_a_toxic() -> None:
    """A toxic that holds one chunk stops the source until it lets go of it."""
    slow = placed(Bandwidth(rate=0))
    carried = Carried(slow)
    carried.link.receive(b"abc")
    assert not carried.source.reading
    carried.link.remove(slow)

    assert carried.source.reading
    assert carried.destination.written == b"abc"


async def test_a_latency_has_patience_with_a_full_destination() -> None:
    """Behind a latency the source is read from until megabytes wait, then no more."""
    carried = Carried(placed(Latency(latency=1)))
    carried.destination.waiting = QUEUE_BYTES
    carried.link.destination_filled(True)  # noqa: FBT003 - see there
    assert carried.source.reading
    carried.destination.waiting += 1
    carried.link.regulate()

    assert not carried.source.reading


async def test_big_chunks_are_split_for_toxics() -> None:
    """Toxics see 32 KiB at a time."""
    limit = placed(LimitData(bytes=CHUNK + 1))
    carried = Carried(limit)
    carried.link.receive(bytes(3 * CHUNK))

    assert len(carried.destination.written) == CHUNK + 1
    assert carried.finished == 1
    assert carried.met == ["t"]


async def test_added_next_to_the_destination() -> None:
    """What an earlier toxic lets go passes through a later one."""
    first = placed(Bandwidth(rate=0), name="first")
    second = placed(LimitData(bytes=2), name="second")
    carried = Carried(first)
    carried.link.receive(b"abcdef")
    carried.link.add(second)
    carried.link.remove(first)

    assert carried.destination.written == b"ab"
    assert carried.finished == 1


async def test_toxicity_is_rolled_on_update() -> None:
    """A toxic that comes to spare a link gives back what it held, and takes over again when it does not."""
    slow = placed(Bandwidth(rate=0))
    carried = Carried(slow)
    carried.link.receive(b"a")
    slow.toxicity = 0
    carried.link.update(slow)
    carried.link.receive(b"b")
    assert carried.destination.written == b"ab"
    slow.toxicity = 1
    carried.link.update(slow)
    carried.link.receive(b"c")

    assert carried.destination.written == b"ab"


async def test_a_spared_timeout_closes_when_removed() -> None:
    """A timeout closes what it was on, spared or not."""
    hole = placed(Timeout(), toxicity=0)
    carried = Carried(hole)
    carried.link.receive(b"a")
    carried.link.remove(hole)
    carried.link.receive(b"b")

    assert carried.destination.written == b"a"
    assert carried.finished == 1


async def test_end_held_by_a_later_toxic() -> None:
    """An end that waits in one toxic survives the removal of those before it and the addition of those behind."""
    first, last = placed(Noop(), name="first"), placed(SlowClose(delay=10**9), name="last")
    carried = Carried(first, last)
    carried.link.source_ended()
    carried.link.remove(first)
    carried.link.add(placed(Noop(), name="behind"))
    assert carried.finished == 0
    carried.link.remove(last)

    assert carried.finished == 1


async def test_everything_off_after_the_end() -> None:
    """After the end nothing is delivered, and changes of toxics are harmless."""
    slow = placed(Latency(latency=1000))
    carried = Carried(slow)
    carried.link.receive(b"a")
    carried.link.destination_lost(0)
    carried.link.update(slow)
    carried.link.add(placed(Noop(), name="n"))
    carried.link.remove(slow)
    carried.link.receive(b"b")

    assert carried.destination.written == b""
    assert carried.finished == 0


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_toxicity_is_a_share(share: float) -> None:
    """Over many links a toxic acts on its share of them."""

    class Drawn(Carried):
        number = 0

        def chance(self, purpose: str) -> Random:
            Drawn.number += 1
            return Random(Drawn.number)  # noqa: S311 - reproducible on purpose

    links = [Drawn(placed(LimitData(bytes=0), toxicity=share)) for _ in range(400)]
    for carried in links:
        carried.link.receive(b"x")

    assert sum(carried.finished for carried in links) == pytest.approx(400 * share, abs=40)
