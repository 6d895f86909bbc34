"""What a batch reports as done is done, item by item."""

from __future__ import annotations

from fakes.items import Items
from harness import NoItemLost, Verdict
from harness.evidence.history import History
from tests.unit.builders import closed, completed, discarded, failed, judged, processed, received, verdict_of

ALL_THREE = NoItemLost(of=Items.process, per="item", items=range(3))


def test_every_item_is_there() -> None:
    """Each once, in whatever order, is all that is asked."""
    found = judged(ALL_THREE, processed(0, nth=1), processed(2, nth=2), processed(1, nth=3), completed())

    assert found == []


def test_an_item_that_was_skipped_convicts() -> None:
    """It is named, and that nobody ever asked for it."""
    (found,) = judged(ALL_THREE, processed(0, nth=1), processed(2, nth=2), completed())

    assert found.verdict is Verdict.FAILED
    assert found.title == "1 of 3 items not done, but the workflow reports success: 1."
    assert found.detail == "1: never called"


def test_an_item_whose_call_had_no_effect_convicts() -> None:
    """To have asked is not enough."""
    asked = received(Items.process, "b:1", nth=3, body={"item": 1})
    (found,) = judged(ALL_THREE, processed(0, nth=1), processed(2, nth=2), asked, completed())

    assert found.detail == "1: called, without effect"
    assert found.refs == ("items.process#3",)


def test_an_item_that_was_discarded_convicts() -> None:
    """What was undone does not stand."""
    done = [event for item in range(3) for event in processed(item, nth=item + 1)]

    assert verdict_of(judged(ALL_THREE, done, discarded(1), completed())) is Verdict.FAILED


def test_one_is_not_the_text_one() -> None:
    """Items are told apart by what they are."""
    done = [event for item in "012" for event in processed(item, nth=int(item) + 1)]

    assert verdict_of(judged(ALL_THREE, done, completed())) is Verdict.FAILED


def ways_to_report_failure() -> list[History]:
    """Workflows that do not say that the batch is done."""
    return [failed(), closed("CANCELED"), completed({"success": False})]


def test_a_batch_that_reports_failure_may_lack_items() -> None:
    """It promised nothing."""
    for history in ways_to_report_failure():
        assert verdict_of(judged(ALL_THREE, processed(0, nth=1), history)) is Verdict.INCONCLUSIVE


def test_without_items_nothing_can_be_told() -> None:
    """No call, or none that names its item, tells nothing."""
    assert verdict_of(judged(ALL_THREE, completed())) is Verdict.INCONCLUSIVE
    assert verdict_of(judged(ALL_THREE, received(Items.process, body={"id": 1}), completed())) is Verdict.INCONCLUSIVE
