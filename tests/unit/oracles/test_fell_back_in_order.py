"""Each source is asked as often as it should be, after the better ones, and the answer says which it came from."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.primary import Primary
from fakes.standby import Standby
from harness import FellBackInOrder, Operation, UsageError, Verdict
from harness.events import CallReceived
from tests.unit.builders import completed, failed, judged, received


def oracle(**calls: tuple[int, int]) -> FellBackInOrder:
    """Expect these numbers of calls."""
    return FellBackInOrder(
        sources=[Primary.ask, Standby.ask], names=["primary", "fallback"], per="request", calls=calls
    )


def asked(on: Operation, request: str = "a", *, nth: int = 1) -> CallReceived:
    """The nth call of a source, for a request."""
    return received(on, nth=nth, body={"request": request})


def answer(source: str, *, degraded: bool, request: str = "a") -> dict[str, Any]:
    """What the workflow says of a request."""
    return {"request": request, "source": source, "degraded": degraded, "answer": "..."}


BOTH = [asked(Primary.ask), asked(Standby.ask)]


def test_the_first_source_alone_is_acquitted() -> None:
    """Nothing fell back, and nothing says so."""
    assert judged(oracle(a=(1, 0)), asked(Primary.ask), completed(answer("primary", degraded=False))) == []


def test_a_fallback_that_says_so_is_acquitted() -> None:
    """One answer, or a list of them, each by its request."""
    more = [*BOTH, asked(Primary.ask, "b", nth=2), asked(Standby.ask, "c", nth=2)]
    said = [
        answer("fallback", degraded=True),
        answer("primary", degraded=False, request="b"),
        answer("fallback", degraded=True, request="c"),
    ]

    assert judged(oracle(a=(1, 1)), BOTH, completed(answer("fallback", degraded=True))) == []
    assert judged(oracle(a=(1, 1), b=(1, 0), c=(0, 1)), more, completed(said)) == []


@pytest.mark.parametrize(
    ("calls", "text"),
    [
        ((1, 0), "standby.ask 1, expected 0"),
        ((2, 1), "primary.ask 1, expected 2"),
        ((0, 0), "primary.ask 1, expected 0, standby.ask 1, expected 0"),
    ],
)
def test_another_number_of_calls_is_convicted(calls: tuple[int, int], text: str) -> None:
    """An attempt more or less is another policy."""
    found = judged(oracle(a=calls), BOTH, failed())

    assert [one.title for one in found] == [f"calls for 'a': {text}."]


def test_a_request_that_nobody_expects_is_convicted() -> None:
    """As is one that is expected and not made."""
    found = judged(oracle(a=(1, 0)), asked(Primary.ask, "b"), failed())

    assert [one.title for one in found] == [
        "calls for 'a': primary.ask 0, expected 1.",
        "calls for 'b': primary.ask 1, expected 0.",
    ]


def test_the_wrong_order_is_convicted() -> None:
    """The standby is asked behind the service, for each request by itself."""
    found = judged(oracle(a=(1, 1)), BOTH[::-1], failed())

    assert [one.title for one in found] == [
        "sources for 'a' were called as standby.ask, primary.ask, expected in the order primary.ask, standby.ask.",
    ]
    assert judged(oracle(a=(0, 1), b=(1, 0)), BOTH[1], asked(Primary.ask, "b"), failed()) == []


@pytest.mark.parametrize(
    "said",
    [
        answer("fallback", degraded=False),
        answer("primary", degraded=True),
        answer("primary", degraded=False),
        {"source": "fallback", "degraded": True},
        [],
        None,
    ],
)
def test_an_answer_that_does_not_say_where_it_came_from_is_convicted(said: Any) -> None:
    """Nor may there be none."""
    found = judged(oracle(a=(1, 1)), BOTH, completed(said))

    assert [one.verdict for one in found] == [Verdict.FAILED]
    assert found[0].title.startswith("the answer to 'a' states {'source': ")
    assert found[0].title.endswith(", expected {'source': 'fallback', 'degraded': True}.")


def test_no_calls_tell_nothing() -> None:
    """Nor do calls that name no request."""
    (found,) = judged(oracle(a=(1, 0)), failed())
    (other,) = judged(oracle(a=(1, 0)), received(Primary.ask), failed())

    assert found.verdict is other.verdict is Verdict.INCONCLUSIVE


def test_a_number_for_each_source_is_needed() -> None:
    """And a name."""
    with pytest.raises(UsageError, match="each source needs a name"):
        FellBackInOrder(sources=[Primary.ask, Standby.ask], names=["p", "f"], per="request", calls={"a": (1,)})
