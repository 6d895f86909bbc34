"""What one request becomes on its way is bounded."""

from __future__ import annotations

import pytest

from fakes.payments import Payments
from harness import Amplification, UsageError, Verdict
from tests.unit.builders import answered, judged, received, unanswered, verdict_of

PER_ORDER = Amplification(of=Payments.charge, per="order", at_most=2)


def test_as_many_calls_as_declared_are_acquitted() -> None:
    """For each request by itself: many requests are no storm."""
    found = judged(
        PER_ORDER,
        *(received(Payments.charge, f"k{n}", nth=n, body={"order": f"o{n % 3}"}) for n in range(1, 7)),
    )

    assert found == []


def test_one_call_more_is_convicted() -> None:
    """The finding names the request, each of its calls and how it ended."""
    (found,) = judged(
        PER_ORDER,
        received(Payments.charge, "k1", body={"order": "o1"}),
        answered(Payments.charge, 503),
        received(Payments.charge, "k2", nth=2, body={"order": "o1"}),
        unanswered(Payments.charge, nth=2, why="the answer was lost"),
        received(Payments.charge, "k3", nth=3, body={"order": "o1"}),
        received(Payments.charge, "k4", nth=4, body={"order": "o2"}),
    )

    assert found.verdict is Verdict.FAILED
    assert found.title == "one request became 3 calls of payments.charge, expected at most 2."
    assert "request: order 'o1'" in found.detail
    assert "in all: 2 requests, 4 calls" in found.detail
    assert "503" in found.detail
    assert "the answer was lost" in found.detail
    assert found.refs == ("payments.charge#1", "payments.charge#2", "payments.charge#3")


def test_without_a_field_the_key_tells_requests_apart() -> None:
    """As it should be the same for every attempt."""
    by_key = Amplification(of=Payments.charge, at_most=1)

    assert judged(by_key, received(Payments.charge, "k1"), received(Payments.charge, "k2", nth=2)) == []
    assert verdict_of(judged(by_key, received(Payments.charge), received(Payments.charge, nth=2))) is Verdict.FAILED


@pytest.mark.parametrize(
    "events",
    [
        [],
        [received("payments.refund", body={"order": "o1"})],
        [received(Payments.charge, body={"cents": 1})],
        [received(Payments.charge, body=None)],
    ],
)
def test_nothing_to_count_by_is_not_told(events: list[object]) -> None:
    """No call, or none that says which request it belongs to."""
    (found,) = judged(PER_ORDER, *events)  # type: ignore[arg-type]

    assert found.verdict is Verdict.INCONCLUSIVE


def test_calls_without_a_key_cannot_be_told_apart() -> None:
    """They would all look like one request."""
    (found,) = judged(Amplification(of=Payments.charge, at_most=1), received(Payments.charge, None))

    assert found.verdict is Verdict.INCONCLUSIVE


def test_each_request_has_its_first_call() -> None:
    """None at all is what `Attempts` is for."""
    with pytest.raises(UsageError, match="at_most must be >= 1, got 0"):
        Amplification(of=Payments.charge, at_most=0)
