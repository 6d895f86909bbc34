"""A schedule as a scenario: what it is built from, and what its oracle says."""

from __future__ import annotations

import pytest

from harness.catalog import Entry
from harness.errors import UsageError
from harness.events import Event
from harness.evidence.schedule_judged import PromisesJudged
from harness.explore.crash_everywhere import crash_free
from harness.explore.saved_scenario import PromisesKept, explored_scenario
from harness.library_internals.skipping_clock import AVAILABLE
from harness.scenario import PerformsItself
from harness.temporal.requirements import Clock
from harness.verdict import Verdict
from tests.unit.builders import evidence

SHOP = "tests/explored/shop_target.py"


@pytest.mark.parametrize(
    ("events", "verdicts"),
    [
        ([PromisesJudged(schedule="a#1:lost")], []),
        ([PromisesJudged(schedule="a#1:lost", broken=("kept: it broke",))], [Verdict.FAILED]),
        ([PromisesJudged(schedule="a#1:lost", unclear=("it did not strike",))], [Verdict.INCONCLUSIVE]),
        ([], [Verdict.INCONCLUSIVE]),
    ],
)
def test_its_oracle_says_what_the_invariants_said(events: list[Event], verdicts: list[Verdict]) -> None:
    """Nothing when all hold, and that it cannot tell when nobody was asked."""
    assert [one.verdict for one in PromisesKept().judge(evidence(*events))] == verdicts


def test_it_is_a_scenario_of_the_target_s_application() -> None:
    """With the clock that the target wants."""
    made = explored_scenario(SHOP, "charge#1:lost_last")

    assert isinstance(made, PerformsItself)
    assert made.workflow.__qualname__ == "PlaceOrder.run"
    assert str(made.schedule) == "charge#1:lost_last"
    assert made.server.clock is (Clock.SKIPPING if AVAILABLE else Clock.REAL)


@pytest.mark.parametrize(
    ("target", "schedule", "told"),
    [
        ("saga/all_well", "a#1:lost", "a scenario is run by its own name"),
        (SHOP, "charge", "not the name of a fault"),
        ("nothing_target.py", "a#1:lost", "there is no file"),
    ],
)
def test_a_mistake_is_told(target: str, schedule: str, told: str) -> None:
    """As the gate loads the file."""
    with pytest.raises(UsageError, match=told):
        explored_scenario(target, schedule)


def test_it_is_not_crashed_everywhere() -> None:
    """Its worker is the exploration's."""
    made = explored_scenario(SHOP, "charge#1:lost_last")

    with pytest.raises(UsageError, match="its worker is not killed"):
        crash_free(Entry(name="found/one", path=__file__, summary="", scenario=made))  # type: ignore[arg-type]
