"""When the workflow has ended, its work has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fakes.items import Items
from harness import NothingAfterClose, Verdict
from harness.evidence.evidence import Evidence
from harness.evidence.history import History
from tests.unit.builders import START, closed, completed, discarded, evidence, judged, processed, verdict_of

LATER = START + timedelta(minutes=1)


def late(history: History) -> Evidence:
    """An item that is discarded after the workflow's end."""
    run = evidence(processed(0, nth=1), discarded(0), history)
    before, after = run.events[:3], run.events[3:]
    return replace(run, events=(*before, *(replace(event, at=LATER) for event in after)))


def test_effects_before_the_end_are_acquitted() -> None:
    """Applied and undone in time."""
    assert judged(NothingAfterClose(), processed(0, nth=1), discarded(0), completed()) == []


def test_an_effect_after_the_end_convicts() -> None:
    """However the workflow ended."""
    for history in (completed(), closed("CANCELED")):
        (found,) = NothingAfterClose().judge(late(history))

        assert found.verdict is Verdict.FAILED
        assert found.title == "items.discard took effect 58.000 s after the workflow had ended."


def test_what_is_declared_may_come_and_must() -> None:
    """A scenario that shows just that is red when it does not happen."""
    declared = NothingAfterClose(but=[Items.discard])

    assert list(declared.judge(late(completed()))) == []
    (found,) = judged(declared, processed(0, nth=1), discarded(0), completed())
    assert found.title == "items.discard did not take effect after the workflow had ended, although `but` says so."


def test_without_effects_or_an_end_nothing_can_be_told() -> None:
    """There is no before and no after."""
    assert verdict_of(judged(NothingAfterClose(), completed())) is Verdict.INCONCLUSIVE
    assert verdict_of(judged(NothingAfterClose(), processed(0, nth=1))) is Verdict.INCONCLUSIVE
