"""contents: a real server holds at the end what it should."""

from __future__ import annotations

from typing import Any

from fakes.dead_letters import DeadLetters
from harness import Contents
from harness.events import Kept
from harness.verdict import Verdict
from tests.unit.builders import judged


def kept(item: Any, *, key: str = "k", service: str = "dead_letters", **said: Any) -> Kept:
    """A message that names an item."""
    return Kept(service=service, key=key, body={"item": item, **said})


def test_acquits_what_is_there_in_any_order() -> None:
    """As often as it should be; what others hold is not looked at."""
    oracle = Contents(of=DeadLetters, per="item", values=[1, 0, 0])

    assert judged(oracle, kept(0), kept(1), kept(0), kept(9, service="other")) == []


def test_convicts_too_few_and_too_many() -> None:
    """Each is named; 1 is not "1"."""
    [finding] = judged(Contents(of=DeadLetters, per="item", values=[0, 1]), kept(0), kept(0), kept("1"))

    assert finding.detail.splitlines() == ["missing: 1 x 1", "unexpected: 1 x 0", "unexpected: 1 x '1'"]


def test_convicts_what_says_something_else() -> None:
    """A mapping is compared on the keys given."""
    oracle = Contents(of=DeadLetters, per="item", values=[0], having={"errors": ["reset"]})

    assert judged(oracle, kept(0, errors=["reset"], more=True)) == []
    [finding] = judged(oracle, kept(0, errors=["?"]))
    assert "errors is ['?']" in finding.detail


def test_goes_by_the_key_where_no_field_is_named() -> None:
    """For what has no body of fields."""
    oracle = Contents(of=DeadLetters, values=["a"])

    assert judged(oracle, kept(0, key="a")) == []
    assert judged(oracle, kept(0, key="b"))


def test_a_body_without_the_field_has_no_value() -> None:
    """It is there, and too many."""
    strange = Kept(service="dead_letters", key="k", body="x")
    [finding] = judged(Contents(of=DeadLetters, per="item", values=[0]), kept(0), strange)

    assert finding.detail == "unexpected: 1 x None"


def test_a_field_that_no_message_has_proves_nothing() -> None:
    """Its name is probably wrong."""
    [finding] = judged(Contents(of=DeadLetters, per="itme", values=[0]), kept(0))

    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "no message at dead_letters has a field 'itme'" in finding.title
