"""Each level decides once, and what was decided stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from fakes.payments import Payments
from harness import NoDoubleDecision, UsageError, Verdict
from harness.events import Event
from harness.evidence.history import History
from tests.unit.builders import applied, history, judged, payload, recorded, verdict_of

DECIDED = NoDoubleDecision(of=Payments.charge, levels=["manager", "director"], sent_by=["decide", "tell"])

PAID = [applied(Payments.charge)]


def given(level: str, *, approved: bool, by: str) -> dict[str, Any]:
    """The arguments of a decision."""
    return {"payloads": [payload({"level": level, "approved": approved, "by": by})]}


def yes(level: str = "manager", by: str = "Ada", *, approved: bool = True, name: str = "tell") -> dict[str, Any]:
    """A decision by signal."""
    return recorded("WORKFLOW_EXECUTION_SIGNALED", signalName=name, input=given(level, approved=approved, by=by))


def no(level: str = "manager", by: str = "Bob") -> dict[str, Any]:
    """A rejection by signal."""
    return yes(level, by, approved=False)


def asked(
    level: str = "manager", by: str = "Ada", *, approved: bool = True, outcome: str | None = "success"
) -> list[dict[str, Any]]:
    """A decision by update, and how it was answered, if it was."""
    request = {"meta": {"updateId": by}, "input": {"name": "decide", "args": given(level, approved=approved, by=by)}}
    answer = recorded("WORKFLOW_EXECUTION_UPDATE_COMPLETED", meta={"updateId": by}, outcome={outcome: {}})
    return [recorded("WORKFLOW_EXECUTION_UPDATE_ACCEPTED", acceptedRequest=request), *([answer] if outcome else [])]


def told(*events: dict[str, Any] | list[dict[str, Any]], **decisions: tuple[bool, str]) -> History:
    """A workflow that was sent this, and tells of these decisions in the end."""
    flat = [one for event in events for one in (event if isinstance(event, list) else [event])]
    standing = {level: {"approved": approved, "by": by, "at": "noon"} for level, (approved, by) in decisions.items()}
    result = {"payloads": [payload({"decisions": standing})]}
    return history(*flat, recorded("WORKFLOW_EXECUTION_COMPLETED", result=result))


ADA, DAN = (True, "Ada"), (True, "Dan")


@pytest.mark.parametrize(
    "sent",
    [
        [yes(), yes("director", "Dan")],
        [asked(), asked("director", "Dan")],
        [yes(), no(), yes(by="Eve"), yes("director", "Dan"), no("director")],
        [no("director"), yes("director", "Eve"), yes(), yes("director", "Dan")],
        [asked(by="Eve", approved=False, outcome="failure"), yes(), yes("director", "Dan")],
        [yes("treasurer"), yes(name="other", approved=False), yes(), yes("director", "Dan")],
        [yes(), asked(by="Eve", approved=False, outcome=None), yes("director", "Dan")],
    ],
    ids=["signals", "updates", "later-ones", "too-early", "told-it-failed", "others", "never-answered"],
)
def test_the_first_of_whose_turn_it_is_counts(sent: Sequence[Any]) -> None:
    """What comes too early, too late, from others, or was refused, does not."""
    assert judged(DECIDED, PAID, told(*sent, manager=ADA, director=DAN)) == []


def test_a_rejection_ends_it() -> None:
    """Nobody's turn comes afterwards, and nothing is done."""
    assert judged(DECIDED, told(no(), yes(), yes("director"), manager=(False, "Bob"))) == []


def test_a_decision_that_changes_convicts() -> None:
    """What the workflow tells in the end is not the first, which is quoted."""
    (found,) = judged(DECIDED, told(yes(), no(), manager=(False, "Bob")))

    assert found.verdict is Verdict.FAILED
    assert found.title == (
        "the result reports the decision of the manager as {'approved': False, 'by': 'Bob', 'at': 'noon'}, "
        "expected {'level': 'manager', 'approved': True, 'by': 'Ada'}."
    )
    assert found.detail.splitlines()[:2] == ["approved is False, expected True", "by is 'Bob', expected 'Ada'"]
    assert found.detail.splitlines()[-1].startswith("the decision that counts: tell, event 3: ")


def test_two_that_were_accepted_convict() -> None:
    """Both senders were told that theirs counts, also where they agree."""
    (found,) = judged(DECIDED, told(asked(), asked(by="Eve"), manager=ADA))

    assert found.title == "an update with a decision of the manager was accepted, but that decision does not count."
    assert "'Eve'" in found.detail.splitlines()[0]
    assert "'Ada'" in found.detail.splitlines()[1]


def test_one_that_was_accepted_before_its_turn_convicts() -> None:
    """Nobody before it had decided."""
    (found,) = judged(DECIDED, told(asked("director", "Dan")))

    assert found.detail.splitlines()[1] == "the decision that counts: none yet"


def test_a_decision_that_nobody_made_convicts() -> None:
    """Such as one that came before its turn."""
    (found,) = judged(DECIDED, told(yes("director"), manager=ADA))

    assert found.title.startswith("the result reports a decision of the manager, who made none that counts")


def test_what_stands_there_as_something_else_convicts() -> None:
    """A level has a decision, not a word."""
    result = {"payloads": [payload({"decisions": {"manager": "yes"}})]}
    run = history(yes(), recorded("WORKFLOW_EXECUTION_COMPLETED", result=result))

    (found,) = judged(DECIDED, run)
    assert found.detail.splitlines()[0] == "it is 'yes'"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([yes(), no("director")], "1 rejection"),
        ([no()], "1 rejection and no decision of the director"),
        ([yes()], "no decision of the director"),
    ],
    ids=["second-rejected", "first-rejected", "second-missing"],
)
def test_what_is_done_without_approval_convicts(sent: Sequence[Any], why: str) -> None:
    """Whatever the workflow says of it."""
    found = judged(DECIDED, PAID, told(*sent))[0]

    assert found.title == f"payments.charge took effect despite {why}."
    assert found.detail
    assert found.refs == ("payments.charge#1",)


def test_what_is_done_twice_convicts() -> None:
    """One approval, one payment, whatever their keys."""
    twice = [applied(Payments.charge, "k1"), applied(Payments.charge, "k2", nth=2)]
    (found,) = judged(DECIDED, twice, told(yes(), yes("director", "Dan"), manager=ADA, director=DAN))

    assert found.title == "payments.charge took effect twice for one approval, expected once."


def test_decisions_of_all_runs_count() -> None:
    """A workflow that continues as new is one request."""
    first = history(yes(), recorded("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", newExecutionRunId="run-2"))

    assert judged(DECIDED, PAID, first, told(no(), yes("director", "Dan"), manager=ADA, director=DAN)) == []


@pytest.mark.parametrize(
    "parts",
    [[], [history(yes())], [told()], [told(yes(name="other"))]],
    ids=["no-history", "not-ended", "nothing-sent", "others-sent"],
)
def test_when_it_cannot_tell(parts: Sequence[Event | History]) -> None:
    """Without an end or a decision there is nothing to judge."""
    assert verdict_of(judged(DECIDED, *parts)) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("levels", "sent_by"), [("manager", ["tell"]), ([], ["tell"]), (["manager"], "tell"), (["manager"], [])]
)
def test_it_wants_names(levels: Sequence[str], sent_by: Sequence[str]) -> None:
    """One text would be taken for its letters."""
    with pytest.raises(UsageError, match="must be lists such as"):
        NoDoubleDecision(of=Payments.charge, levels=levels, sent_by=sent_by)
