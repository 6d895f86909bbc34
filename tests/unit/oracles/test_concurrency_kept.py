"""The service never serves more calls at once than it should."""

from __future__ import annotations

import pytest

from fakes.quotes import Quotes
from harness import ConcurrencyKept, UsageError, Verdict
from harness.events import Event
from tests.unit.builders import answered, judged, received, unanswered

TWO = ConcurrencyKept(of=Quotes.ask, limit=2, at_least=2)


def told(text: str) -> list[Event]:
    """Calls that come and go: "1 2 -1 3" has the third come when the first is answered; "~1" goes unanswered."""
    events: list[Event] = []
    for word in text.split():
        if word.startswith("-"):
            events.append(answered(Quotes.ask, nth=int(word[1:])))
        elif word.startswith("~"):
            events.append(unanswered(Quotes.ask, nth=int(word[1:])))
        else:
            events.append(received(Quotes.ask, nth=int(word)))
    return events


@pytest.mark.parametrize("text", ["1 2 -1 3 -2 -3", "1 2 ~2 3 -3 4 -1 -4"])
def test_the_right_number_is_acquitted(text: str) -> None:
    """A call is there until it is answered or cut."""
    assert judged(TWO, told(text)) == []


@pytest.mark.parametrize("text", ["1 2 3 -1 -2 -3", "1 -1 2 3 4 -2 -3 -4", "1 2 -2 3 4"])
def test_one_too_many_is_convicted(text: str) -> None:
    """Also when the run ended before its answer."""
    (found,) = judged(TWO, told(text))

    assert found.verdict is Verdict.FAILED
    assert found.title == "3 concurrent calls of quotes.ask, expected at most 2."
    assert len(found.refs) == 3


def test_one_after_the_other_is_convicted() -> None:
    """Who never does two things at once keeps every limit."""
    (found,) = judged(TWO, told("1 -1 2 -2 3 -3"))

    assert found.title == "at most 1 concurrent call of quotes.ask, expected at least 2."


def test_few_calls_break_no_limit() -> None:
    """Two calls prove nothing of a limit of two; another service's do not count."""
    (found,) = judged(TWO, told("1 2"), received("ranking.ask"), received("ranking.ask", nth=2))

    assert found.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(("limit", "at_least"), [(0, 0), (2, 3), (2, 0)])
def test_what_cannot_be_is_refused(limit: int, at_least: int) -> None:
    """No limit, and no minimum beyond it."""
    with pytest.raises(UsageError, match="at_least must be from 1 to limit"):
        ConcurrencyKept(of=Quotes.ask, limit=limit, at_least=at_least)
