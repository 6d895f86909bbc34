"""Each toxic by itself: when it emits what."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.embedded_toxiproxy.go_json import BadBody
from harness.embedded_toxiproxy.kinds import load
from harness.embedded_toxiproxy.toxic import Toxic
from harness.embedded_toxiproxy.toxics.bandwidth import Bandwidth
from harness.embedded_toxiproxy.toxics.latency import QUEUE, Latency
from harness.embedded_toxiproxy.toxics.limit_data import LimitData
from harness.embedded_toxiproxy.toxics.noop import Noop
from harness.embedded_toxiproxy.toxics.reset_peer import ResetPeer
from harness.embedded_toxiproxy.toxics.slicer import Slicer
from harness.embedded_toxiproxy.toxics.slow_close import SlowClose
from harness.embedded_toxiproxy.toxics.timeout import Timeout
from tests.unit.embedded_toxiproxy.fakes import Clock, FakeStub


def test_every_file_is_a_kind() -> None:
    """Every file in the folder is a toxic type of its name."""
    assert set(load()) == {
        "latency",
        "bandwidth",
        "slow_close",
        "timeout",
        "reset_peer",
        "slicer",
        "limit_data",
        "noop",
    }


def test_attributes_are_merged() -> None:
    """A change keeps what it does not name, and leaves the old settings as they were."""
    old = Latency(latency=5, jitter=2)
    new = old.changed({"JITTER": 3, "unknown": "x", "latency": None})

    assert new == Latency(latency=5, jitter=3)
    assert old == Latency(latency=5, jitter=2)
    assert new.attributes() == {"latency": 5, "jitter": 3}


@pytest.mark.parametrize(
    ("toxic", "attributes"),
    [
        (Latency(), {"jitter": 2**62}),
        (Bandwidth(), {"rate": -1}),
        (Slicer(), {}),
        (Slicer(average_size=5), {"size_variation": 6}),
        (Noop(), []),
        (Noop(), "x"),
    ],
)
def test_refused_attributes(toxic: Toxic, attributes: object) -> None:
    """What cannot be acted on is refused."""
    with pytest.raises(BadBody):
        toxic.changed(attributes)


def test_latency(clock: Clock, stub: FakeStub) -> None:
    """Chunks leave a fixed time after they came, and the end follows the last."""
    pipe = Latency(latency=100).pipe(stub)
    pipe.feed(b"a", clock.now)
    clock.move(0.03)
    pipe.feed(b"b", clock.now)
    pipe.eof()
    clock.move(1)

    assert stub.emitted == [(0.1, b"a"), (0.13, b"b")]
    assert stub.ended == 0.13
    assert stub.times_acted == 2


def test_latency_of_nothing(clock: Clock, stub: FakeStub) -> None:
    """No delay is no action."""
    pipe = Latency(latency=-5).pipe(stub)
    pipe.feed(b"a", clock.now)

    assert stub.emitted == [(0.0, b"a")]
    assert stub.times_acted == 0


def test_latency_is_full() -> None:
    """A latency takes in 1,024 chunks."""
    clock = Clock()
    pipe = Latency(latency=10**9).pipe(FakeStub(clock))
    for _ in range(QUEUE - 1):
        pipe.feed(b"x", clock.now)

    assert not pipe.full
    pipe.feed(b"x", clock.now)
    assert pipe.full


def test_latency_update(clock: Clock, stub: FakeStub) -> None:
    """The chunk that waited goes at once, the next takes the new delay from its own time."""
    pipe = Latency(latency=1000).pipe(stub)
    pipe.feed(b"a", clock.now)
    clock.move(0.05)
    pipe.feed(b"b", clock.now)
    clock.move(0.05)
    pipe.update(Latency(latency=200))
    clock.move(1)

    assert stub.emitted == [(0.1, b"a"), (0.25, b"b")]


@given(st.integers(0, 300), st.integers(0, 300), st.lists(st.integers(0, 40), min_size=1, max_size=20))
def test_latency_never_reorders(latency: int, jitter: int, gaps: list[int]) -> None:
    """Whatever the jitter, chunks leave in order, none before its earliest time."""
    clock = Clock()
    stub = FakeStub(clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("harness.embedded_toxiproxy.toxics.latency.time", clock)
        pipe = Latency(latency=latency, jitter=jitter).pipe(stub)
        came = []
        for number, gap in enumerate(gaps):
            clock.move(gap / 1000)
            came.append(clock.now - 1000)
            pipe.feed(bytes([number]), clock.now)
        clock.move(20)

    assert [data for _, data in stub.emitted] == [bytes([number]) for number in range(len(gaps))]
    for (left, _), at in zip(stub.emitted, came, strict=True):
        assert left >= at + max(latency - jitter, 0) / 1000 - 1e-5


def test_bandwidth(clock: Clock, stub: FakeStub) -> None:
    """Bytes leave after the time they take, slow ones in portions of 100 ms."""
    pipe = Bandwidth(rate=1).pipe(stub)
    pipe.feed(bytes(250), clock.now)
    pipe.eof()
    clock.move(1)

    assert [(at, len(data)) for at, data in stub.emitted] == [(0.1, 100), (0.2, 100), (0.25, 50)]
    assert stub.ended == 0.25


def test_bandwidth_makes_up_for_late_timers(clock: Clock, stub: FakeStub) -> None:
    """In one transfer the lateness of one chunk is not added to the next."""
    pipe = Bandwidth(rate=100).pipe(stub)
    for _ in range(10):
        pipe.feed(bytes(1000), clock.now)
        clock.move(0.010)
        clock.now += 0.001  # the chunk after this is fed a millisecond late

    clock.move(1)
    assert stub.emitted[-1][0] == pytest.approx(0.1, abs=0.0011)


def test_bandwidth_gives_no_credit_for_idleness(clock: Clock, stub: FakeStub) -> None:
    """After a pause a chunk takes its whole time."""
    pipe = Bandwidth(rate=100).pipe(stub)
    pipe.feed(bytes(1000), clock.now)
    clock.move(5)
    pipe.feed(bytes(1000), clock.now)
    clock.move(1)

    assert [at for at, _ in stub.emitted] == [0.01, 5.01]


def test_bandwidth_of_zero(clock: Clock, stub: FakeStub) -> None:
    """Nothing passes, and everything is there when it ends."""
    pipe = Bandwidth(rate=0).pipe(stub)
    pipe.feed(b"a", clock.now)
    pipe.eof()
    clock.move(1000)
    assert pipe.full
    assert stub.emitted == []
    pipe.remove()

    assert stub.emitted == [(1000.0, b"a")]
    assert stub.ended == 1000.0


def test_slow_close(clock: Clock, stub: FakeStub) -> None:
    """Only the end is late; an update starts its wait again."""
    pipe = SlowClose(delay=200).pipe(stub)
    pipe.feed(b"a", clock.now)
    pipe.eof()
    clock.move(0.1)
    pipe.update(SlowClose(delay=300))
    clock.move(1)

    assert stub.emitted == [(0.0, b"a")]
    assert stub.ended == 0.4


def test_timeout(clock: Clock, stub: FakeStub) -> None:
    """Chunks are dropped and restart the clock."""
    pipe = Timeout(timeout=100).pipe(stub)
    pipe.start()
    clock.move(0.07)
    pipe.feed(b"a", clock.now)
    clock.move(0.07)
    assert stub.ended is None
    clock.move(0.07)

    assert stub.emitted == []
    assert stub.ended == 0.17


def test_timeout_removal(clock: Clock, stub: FakeStub) -> None:
    """Removal closes, sparing does not."""
    pipe = Timeout(timeout=100).pipe(stub)
    pipe.start()
    pipe.release()
    clock.move(1)
    assert stub.ended is None
    pipe.remove()

    assert stub.ended == 1.0


def test_reset_peer(clock: Clock, stub: FakeStub) -> None:
    """The first chunk springs it, and nothing is delivered."""
    pipe = ResetPeer(timeout=100).pipe(stub)
    pipe.start()
    clock.move(5)
    assert stub.ended is None
    pipe.feed(b"a", clock.now)
    assert pipe.full
    clock.move(5)

    assert stub.was_reset
    assert stub.emitted == []
    assert stub.ended == 5.1


def test_reset_peer_called_off(clock: Clock, stub: FakeStub) -> None:
    """Removed while it waits, it lets everything pass."""
    pipe = ResetPeer(timeout=100).pipe(stub)
    pipe.feed(b"a", clock.now)
    pipe.eof()
    pipe.remove()
    clock.move(1)

    assert stub.emitted == [(0.0, b"a")]
    assert stub.ended == 0.0


def test_slicer(clock: Clock, stub: FakeStub) -> None:
    """Pieces leave one after the other, a pause after each, and the end after the last pause."""
    pipe = Slicer(average_size=3, delay=1000).pipe(stub)
    pipe.feed(b"0123456789", clock.now)
    assert pipe.full
    pipe.eof()
    clock.move(1)

    assert stub.emitted == [(0.0, b"01"), (0.001, b"234"), (0.002, b"56"), (0.003, b"789")]
    assert stub.ended == 0.004
    assert not pipe.full


def test_slicer_removal(clock: Clock, stub: FakeStub) -> None:
    """The rest of a chunk goes in one piece, whole chunks behind it follow."""
    pipe = Slicer(average_size=3, delay=1000).pipe(stub)
    pipe.feed(b"0123456789", clock.now)
    pipe.feed(b"abcdef", clock.now)
    pipe.remove()
    clock.move(1)

    assert [data for _, data in stub.emitted] == [b"01", b"23456789", b"abcdef"]


def test_slicer_update(clock: Clock, stub: FakeStub) -> None:
    """New settings hold from the next chunk on."""
    pipe = Slicer(average_size=3, delay=1000).pipe(stub)
    pipe.feed(b"0123456789", clock.now)
    pipe.feed(b"abcd", clock.now)
    pipe.update(Slicer(average_size=2, delay=0))
    clock.move(1)

    assert [data for _, data in stub.emitted] == [b"01", b"23456789", b"ab", b"cd"]


@given(st.integers(1, 70_000), st.integers(1, 40_000), st.integers(-5, 40_000))
def test_pieces_add_up(size: int, average: int, variation: int) -> None:
    """Pieces are never empty, add up to the chunk, and are small enough."""
    slicer = Slicer(average_size=average, size_variation=min(variation, average))
    pieces = list(slicer.cut(size, Random(size)))  # noqa: S311 - reproducible on purpose

    assert sum(pieces) == size
    assert min(pieces) > 0
    assert max(pieces) <= average + max(min(variation, average), 0)


def test_slicer_about_half(clock: Clock, stub: FakeStub) -> None:
    """1,000 bytes at 100 make 16 pieces of 62 or 63."""
    pieces = list(Slicer(average_size=100).cut(1000, Random(0)))  # noqa: S311 - not drawn from

    assert len(pieces) == 16
    assert set(pieces) == {62, 63}


def test_limit_data(clock: Clock, stub: FakeStub) -> None:
    """So many bytes pass, counted across updates; then comes the end."""
    pipe = LimitData(bytes=5).pipe(stub)
    pipe.feed(b"abc", clock.now)
    pipe.update(LimitData(bytes=6))
    assert stub.times_acted == 0
    pipe.feed(b"defg", clock.now)

    assert stub.emitted == [(0.0, b"abc"), (0.0, b"def")]
    assert stub.ended == 0.0
    assert stub.times_acted == 1


def test_limit_data_of_zero(clock: Clock, stub: FakeStub) -> None:
    """Nothing passes, and nothing ends before the next chunk."""
    pipe = LimitData(bytes=-3).pipe(stub)
    assert stub.times_acted == 0
    pipe.feed(b"a", clock.now)

    assert stub.emitted == []
    assert stub.times_acted == 1


HOLDERS: list[Toxic] = [
    Latency(latency=50),
    Bandwidth(rate=1),
    Slicer(average_size=2, delay=1000),
    ResetPeer(timeout=50),
    SlowClose(delay=50),
    Noop(),
]


@pytest.mark.parametrize("toxic", HOLDERS, ids=lambda toxic: type(toxic).__name__)
def test_release_gives_everything_back(clock: Clock, stub: FakeStub, toxic: Toxic) -> None:
    """What is released emits all it held, in order, and the end once."""
    pipe = toxic.pipe(stub)
    pipe.start()
    for word in (b"abcdef", b"ghijkl"):
        pipe.feed(word, clock.now)
    pipe.eof()
    pipe.release()
    clock.move(100)

    assert b"".join(data for _, data in stub.emitted) == b"abcdefghijkl"
    assert stub.ended == 0.0


@pytest.mark.parametrize("toxic", [*HOLDERS, Timeout(timeout=50)], ids=lambda toxic: type(toxic).__name__)
def test_abandoned_means_silent(clock: Clock, stub: FakeStub, toxic: Toxic) -> None:
    """What is abandoned keeps no timer and emits nothing more."""
    pipe = toxic.pipe(stub)
    pipe.start()
    pipe.feed(b"abcdef", clock.now)
    before = list(stub.emitted)
    pipe.abandon()
    clock.move(100)

    assert stub.emitted == before
    assert all(appointed.cancelled for appointed in clock.due)
