"""What was sent to a workflow takes effect once, however often it continues as new in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from fakes.accounts import Accounts
from harness import StateCarried, UsageError, Verdict
from harness.events import Event
from harness.evidence.history import History
from tests.unit.builders import answered, applied, history, judged, payload, received, recorded, verdict_of

CARRIED = StateCarried(of=Accounts.post, per="number", sent_by=["post", "withdraw"])
IN_ORDER = StateCarried(of=Accounts.post, per="number", sent_by=["post"], in_order=True)


def signalled(number: Any, name: str = "post") -> dict[str, Any]:
    """A signal that brings an item."""
    given = {"payloads": [payload({"number": number})]}
    return recorded("WORKFLOW_EXECUTION_SIGNALED", signalName=name, input=given)


def updated(number: Any, update: str = "u1") -> dict[str, Any]:
    """An update that brings an item, accepted."""
    given = {"name": "withdraw", "args": {"payloads": [payload({"number": number})]}}
    return recorded(
        "WORKFLOW_EXECUTION_UPDATE_ACCEPTED", acceptedRequest={"meta": {"updateId": update}, "input": given}
    )


def told(update: str = "u1", **outcome: Any) -> dict[str, Any]:
    """The end of an update."""
    return recorded("WORKFLOW_EXECUTION_UPDATE_COMPLETED", meta={"updateId": update}, outcome=outcome)


def first(*events: dict[str, Any]) -> History:
    """A run with these events that another follows."""
    return history(*events, recorded("WORKFLOW_EXECUTION_CONTINUED_AS_NEW", newExecutionRunId="run-2"))


def last(*events: dict[str, Any]) -> History:
    """The run that ends the workflow."""
    return history(*events, recorded("WORKFLOW_EXECUTION_COMPLETED"), run_id="run-2")


def posted(number: Any, *, nth: int, key: str | None = None) -> list[Event]:
    """The nth posting, from its call to its answer."""
    on, key = Accounts.post, key or f"Ada:{number}"
    return [received(on, key, nth=nth, body={"number": number}), applied(on, key, nth=nth), answered(on, nth=nth)]


def test_what_one_run_took_and_the_next_did_is_acquitted() -> None:
    """Each item once, by signal or update, in whichever run."""
    runs = (first(signalled(1), signalled(2), updated(3), told(success={})), last(signalled(4)))
    done = [event for number in (1, 3, 2, 4) for event in posted(number, nth=number)]

    assert judged(CARRIED, done, *runs) == []


def test_what_is_lost_convicts() -> None:
    """It is named, where it came in, and whether anybody ever asked for it."""
    (found,) = judged(CARRIED, posted(1, nth=1), first(signalled(1), signalled(2)), last(updated(3), signalled(1, "x")))

    assert found.verdict is Verdict.FAILED
    assert found.title == "2 of 3 sent items lost over 2 runs: 2, 3."
    assert found.detail.splitlines() == [
        "2: sent by post to run 1, event 4; never called",
        "3: sent by withdraw to run 2, event 3; never called",
    ]


def test_what_is_doubled_under_another_key_convicts() -> None:
    """As a run would do that makes keys of its own."""
    done = [*posted(1, nth=1, key="run-1:1"), *posted(1, nth=2, key="run-2:1")]
    (found,) = judged(CARRIED, done, first(signalled(1)), last())

    assert found.title == "1 of 1 sent item took effect more than once: 1."


def test_an_item_that_was_sent_twice_is_one() -> None:
    """A client that is not sure sends it again."""
    assert judged(CARRIED, posted(1, nth=1), first(signalled(1)), last(signalled(1))) == []


def test_what_its_client_was_told_of_is_not_lost() -> None:
    """An update that failed, and what the service refused for good."""
    refused = [received(Accounts.post, nth=1, body={"number": 2}), answered(Accounts.post, 422, nth=1)]
    runs = (first(updated(1), told(failure={"message": "no"}), signalled(2), signalled(3)), last())

    assert judged(CARRIED, refused, posted(3, nth=2), *runs) == []


@pytest.mark.parametrize("status", [429, 408, 503])
def test_a_service_that_asked_to_come_again_did_not_refuse(status: int) -> None:
    """What was given up then is lost."""
    asked = [received(Accounts.post, nth=1, body={"number": 2}), answered(Accounts.post, status, nth=1)]

    assert verdict_of(judged(CARRIED, asked, first(signalled(2)), last())) is Verdict.FAILED


def test_another_order_convicts_where_order_counts() -> None:
    """From the first item that is out of place."""
    done = [event for nth, number in enumerate((1, 3, 2), start=1) for event in posted(number, nth=nth)]
    runs = (first(signalled(1), signalled(2), signalled(3)), last())
    (found,) = judged(IN_ORDER, done, *runs)

    assert found.title.endswith("from item 2 on.")
    assert found.detail.splitlines() == ["arrived: 2, 3", "took effect: 3, 2"]
    assert judged(CARRIED, done, *runs) == []


@pytest.mark.parametrize(
    "runs",
    [
        [],
        [first(signalled(1))],
        [history(signalled(1), recorded("WORKFLOW_EXECUTION_COMPLETED"))],
        [first(), last()],
        [first(signalled(1, "other")), last()],
    ],
    ids=["no-history", "not-ended", "one-run", "nothing-sent", "others-sent"],
)
def test_when_it_cannot_tell(runs: Sequence[History]) -> None:
    """Without an end, without a second run, or without an item there is nothing to judge."""
    assert verdict_of(judged(CARRIED, *runs)) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("sent_by", [[], "post"])
def test_it_wants_names(sent_by: Sequence[str]) -> None:
    """One text would be taken for its letters."""
    with pytest.raises(UsageError, match="sent_by must be a list of signals and updates"):
        StateCarried(of=Accounts.post, per="number", sent_by=sent_by)
