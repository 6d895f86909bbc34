"""No window of time holds more calls than the service takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fakes.quotes import Quotes
from harness import LimitExceeded, RateKept, UsageError, Verdict
from harness.events import Event
from tests.unit.builders import START, attempt, judged, received

MINUTE = timedelta(minutes=1)
THREE = RateKept(of=Quotes.ask, limit=3, per=MINUTE)


def asked(*seconds: float) -> list[Event]:
    """Calls at these moments of the workflow's clock."""
    return [
        received(Quotes.ask, nth=nth, workflow_time=START + timedelta(seconds=at)) for nth, at in enumerate(seconds, 1)
    ]


@pytest.mark.parametrize("seconds", [(0, 0, 0, 60), (0, 20, 40, 60, 80, 100), (0, 0, 59.9, 60, 60, 119.9)])
def test_a_full_window_is_acquitted(seconds: tuple[float, ...]) -> None:
    """A call exactly as far behind another as the window is long falls into the next one."""
    assert judged(THREE, asked(*seconds)) == []


@pytest.mark.parametrize("seconds", [(0, 0, 0, 59.999), (0, 50, 50, 50, 61), (0, 58, 59, 60, 61), (0, 59, 0, 1)])
def test_a_call_too_many_is_convicted(seconds: tuple[float, ...]) -> None:
    """Wherever the window begins, and in whatever order the calls are told; the worst window is shown."""
    (found,) = judged(THREE, asked(*seconds))

    assert found.verdict is Verdict.FAILED
    assert found.title == "4 calls of quotes.ask in 60 s, expected at most 3."
    assert "from quotes.ask#" in found.detail


def test_the_fullest_window_is_told() -> None:
    """Not the first that is too full."""
    (found,) = judged(THREE, asked(0, 1, 2, 3, 100, 101, 102, 103, 104))

    assert "5 calls" in found.title
    assert found.refs == ("quotes.ask#5", "quotes.ask#9")


def test_without_a_clock_that_skips_the_journal_s_time_counts() -> None:
    """The builders' calls come a millisecond apart."""
    (found,) = judged(THREE, *(received(Quotes.ask, nth=nth) for nth in range(1, 6)))

    assert "5 calls" in found.title


def test_few_calls_break_no_limit() -> None:
    """Three calls prove nothing of a limit of three."""
    (found,) = judged(THREE, asked(0, 0, 0))

    assert found.verdict is Verdict.INCONCLUSIVE


def test_only_its_own_operation_counts() -> None:
    """Another service's calls are another limit."""
    (found,) = judged(THREE, asked(0, 0, 0), *(received("ranking.ask", nth=nth) for nth in range(1, 9)))

    assert found.verdict is Verdict.INCONCLUSIVE


def test_slower_than_need_be_is_convicted() -> None:
    """Who makes one call a minute keeps every limit."""
    (found,) = judged(RateKept(of=Quotes.ask, limit=3, per=MINUTE, at_least=3), asked(0, 30, 60, 90, 120))

    assert found.title == "at most 2 calls of quotes.ask in 60 s, expected at least 3."


def test_what_the_service_calls_too_much_is_too_much() -> None:
    """Its own count is the one that its callers are held to."""
    refused = LimitExceeded(service="quotes", operation="ask", call="quotes.ask#4", limit="2 in 60 s")
    elsewhere = LimitExceeded(service="ranking", operation="ask", call="ranking.ask#4", limit="2 in 60 s")
    (found,) = judged(THREE, asked(0, 0, 0, 60), refused, elsewhere)

    assert found.title == "quotes.ask refused 1 call above its own limit, expected none."
    assert found.refs == ("quotes.ask#4",)


def test_several_clocks_that_skip_have_no_time_in_common() -> None:
    """Nobody can tell, then; in real time they have."""
    two = [attempt(), type(attempt())(workflow_id="trip-2", activity="ask", activity_id="1", attempt=1)]
    (found,) = judged(THREE, two, asked(0, 0, 0, 0))
    (other,) = judged(THREE, two, *(received(Quotes.ask, nth=nth) for nth in range(1, 5)))

    assert found.verdict is Verdict.INCONCLUSIVE
    assert other.verdict is Verdict.FAILED


@pytest.mark.parametrize(("limit", "per", "at_least"), [(0, 60, 1), (3, 0, 1), (3, 60, 4), (3, 60, 0)])
def test_what_cannot_be_is_refused(limit: int, per: int, at_least: int) -> None:
    """No limit, no window, and no minimum beyond the limit."""
    with pytest.raises(UsageError, match="limit and per must be positive"):
        RateKept(of=Quotes.ask, limit=limit, per=timedelta(seconds=per), at_least=at_least)
