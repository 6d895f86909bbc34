"""The limiters of the pattern rate_limits keep the limit as the service counts, however late a request arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.limiters.token_bucket import TokenBucket
from tests.unit.builders import START

MINUTE = timedelta(minutes=1)
REACH = timedelta(seconds=10)
Limiter = TokenBucket | SlidingWindow

limits = some.integers(min_value=2, max_value=6)
steps = some.lists(
    some.tuples(some.floats(min_value=0, max_value=40), some.floats(min_value=0, max_value=10)), min_size=8, max_size=40
)


def arrivals(limiter: Limiter, wanted: Sequence[tuple[float, float]]) -> list[datetime]:
    """Ask for permissions, each so long after the one before, and say when its request arrives, so long after it."""
    now, seen = START, []
    for pause, delay in wanted:
        now += timedelta(seconds=pause)
        while wait := limiter.wait(now):
            assert wait > timedelta(0)
            now += wait
        limiter.take(now)
        seen.append(now + timedelta(seconds=delay))
    return seen


def fullest(moments: Sequence[datetime]) -> int:
    """How many fall into the fullest minute."""
    return max(sum(first <= one < first + MINUTE for one in moments) for first in moments)


@given(limit=limits, wanted=steps)
def test_a_window_keeps_the_limit(limit: int, wanted: Sequence[tuple[float, float]]) -> None:
    """Whatever the pauses, and within the reach whatever the delays."""
    assert fullest(arrivals(SlidingWindow(limit=limit, per=MINUTE, reach=REACH), wanted)) <= limit


@given(limit=limits, wanted=steps, data=some.data())
def test_a_bucket_keeps_the_limit(limit: int, wanted: Sequence[tuple[float, float]], data: some.DataObject) -> None:
    """Whatever it holds, since what it holds and what flows in are the limit together."""
    burst = data.draw(some.integers(min_value=1, max_value=limit - 1))

    assert fullest(arrivals(TokenBucket(limit=limit, per=MINUTE, burst=burst, reach=REACH), wanted)) <= limit


def test_an_entry_exactly_as_old_as_the_window_counts_no_more() -> None:
    """A timer that is exact wakes at this very moment: there is a permission then."""
    limiter = SlidingWindow(limit=1, per=MINUTE, reach=REACH)
    limiter.take(START)

    assert limiter.wait(START) == MINUTE + REACH
    assert limiter.wait(START + MINUTE + REACH) == timedelta(0)


def test_a_bucket_is_full_at_first_and_never_more_than_full() -> None:
    """Three at once, then one every 35 s; after an hour three again."""
    limiter = TokenBucket(limit=5, per=MINUTE, burst=3, reach=REACH)
    seen = arrivals(limiter, [(0, 0)] * 5 + [(3600, 0)] + [(0, 0)] * 3)

    after = [round((one - START).total_seconds()) for one in seen]
    assert after == [0, 0, 0, 35, 70, 3670, 3670, 3670, 3705]


@pytest.mark.parametrize("burst", [0, 5, 6])
def test_a_bucket_of_the_whole_limit_is_refused(burst: int) -> None:
    """With what flows in it would let more through."""
    with pytest.raises(ValueError, match=f"a bucket for 5 requests cannot give {burst} at once"):
        TokenBucket(limit=5, per=MINUTE, burst=burst, reach=REACH)
