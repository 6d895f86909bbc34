"""The service with a limit referees by a moving window in the application's time, and reports each call too many."""

from __future__ import annotations

from datetime import datetime, timedelta

from fakes.quotes import Quotes
from harness.events import LimitExceeded
from tests.unit.builders import START
from tests.unit.fake_testbed import Answer, ask

MINUTE = timedelta(minutes=1)


class At:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.after = timedelta(0)

    def __call__(self) -> datetime:
        """Tell the time."""
        return START + self.after


async def asked(fake: Quotes, clock: At, seconds: float) -> Answer:
    """Ask at a moment of the workflow's clock."""
    clock.after = timedelta(seconds=seconds)
    return await ask(fake, "POST /quotes", body={"request": "tea"})


async def test_what_fits_into_the_window_is_answered_and_the_rest_refused() -> None:
    """In the workflow's time; a refused call takes no room, and each is an event of its own."""
    kind = Quotes.limited(2, MINUTE)
    fake, clock = kind(), At()
    fake.workflow_clock = clock

    statuses = [(await asked(fake, clock, at)).status for at in (0, 30, 59, 60.1, 61, 90.1)]

    assert statuses == [200, 200, 429, 200, 429, 200]
    reported = [event for event in fake.journal if isinstance(event, LimitExceeded)]
    assert [event.call for event in reported] == ["quotes.ask#3", "quotes.ask#5"]
    assert {event.limit for event in reported} == {"2 in 60 s"}


async def test_a_refusal_says_how_long_to_wait() -> None:
    """The whole window, which is enough in any case."""
    fake, clock = Quotes.limited(1, timedelta(seconds=2.5))(), At()
    fake.workflow_clock = clock
    await asked(fake, clock, 0)
    refused = await asked(fake, clock, 1)

    assert refused.headers["retry-after"] == "3"


async def test_a_limit_of_one_s_own_keeps_the_name() -> None:
    """So the application is told of it under the same name."""
    assert Quotes.limited(1, MINUTE).name() == "quotes"
    assert Quotes.limited(1, MINUTE).ask != Quotes.ask


async def test_clearing_empties_the_window() -> None:
    """As it forgets everything else."""
    fake, clock = Quotes.limited(1, MINUTE)(), At()
    fake.workflow_clock = clock
    await asked(fake, clock, 0)
    fake.clear()

    assert (await asked(fake, clock, 1)).status == 200
