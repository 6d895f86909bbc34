"""What a target refuses, and what it says of itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from harness import Clock, Target
from harness.errors import UsageError
from harness.library_internals.skipping_clock import AVAILABLE
from tests.explored.shop import activities
from tests.explored.shop.workflow import PlaceOrder


def target(**said: Any) -> Target:
    """A target that is right, but for what is said."""
    return Target(**{"workflows": [PlaceOrder], "workflow": PlaceOrder.run, **said})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"workflows": []}, "no workflows"),
        ({"workflows": [int]}, "is not a workflow"),
        ({"activities": [print]}, "is not an activity"),
        ({"workflow": None}, "either a `workflow` to start, or a `drive`"),
        ({"reads": [print]}, "neither an activity nor the name of one"),
        ({"invariants": ["charge"]}, "neither an invariant nor callable"),
        ({"without": ["lost"]}, "is not a pattern"),
        ({"deadline": timedelta(0)}, "must be positive"),
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any], told: str) -> None:
    """With what would."""
    with pytest.raises(UsageError, match=told):
        target(**said)


def test_all_problems_are_told_at_once() -> None:
    """A second try to learn of the second is one too many."""
    with pytest.raises(UsageError) as raised:
        target(workflows=[], activities=[print], deadline=timedelta(0))

    assert len(raised.value.problems) == 3


def test_its_clock_skips_unless_it_drives_itself() -> None:
    """A skipping clock would not wait for its signals."""

    async def drive(_run: Any) -> None:
        pass

    assert target().skips is AVAILABLE
    assert not target(workflow=None, drive=drive).skips
    assert target(workflow=None, drive=drive, clock=Clock.SKIPPING).skips


def test_with_an_sdk_that_has_no_skipping_clock_it_has_a_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless it says otherwise, which is refused where its server is started."""
    monkeypatch.setattr("harness.explore.model.target.AVAILABLE", False)

    assert not target().skips
    assert target(clock=Clock.SKIPPING).skips


def test_a_reset_of_everything_is_one_at_a_time() -> None:
    """One that takes a token is not."""
    assert target(reset=activities.POSTED.clear).one_at_a_time
    assert not target(reset=lambda token: activities.POSTED.pop(token, None)).one_at_a_time


def test_a_workflow_is_given_one_value_or_several() -> None:
    """A tuple is several."""
    assert target(given=lambda token: activities.Order(id=token)).arguments("t") == [activities.Order(id="t")]
    assert target(given=lambda token: (token, 2)).arguments("t") == ["t", 2]
    assert target().arguments("t") == []


@pytest.mark.parametrize(("lists", "configured"), [(False, True), (True, False)])
def test_its_server_keeps_an_index_where_workflows_are_listed(lists: bool, configured: bool) -> None:  # noqa: FBT001
    """And only there; its clock skips unless time is to be real."""
    wanted = target(lists=lists)

    assert bool(wanted.server().dynamic_config) is configured
    assert wanted.server().clock is (Clock.SKIPPING if AVAILABLE else Clock.REAL)
    assert wanted.server(real_time=True).clock is Clock.REAL
