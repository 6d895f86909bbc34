"""What a target refuses, and what it says of itself."""

from __future__ import annotations

from datetime import timedelta
from inspect import getsourcelines
from pathlib import Path
from typing import Any

import pytest
from temporalio import activity
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from harness import Clock, StartOptions, Target, at_most_once, undone_on_failure
from harness.errors import UsageError
from harness.files.places import Place
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


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reads": ["chrage"]}, "`reads`: unknown activity 'chrage'. Did you mean 'charge'"),
        ({"invariants": [at_most_once("chrage")]}, r"at_most_once\(chrage\): unknown activity 'chrage'"),
        ({"invariants": [undone_on_failure(activities.charge, "rfund")]}, "unknown activity 'rfund'"),
        ({"workflow": print}, "workflow=print is not one of the target's workflows: PlaceOrder.run"),
        ({"deadline": 60}, "deadline must be a timedelta, got 60"),
        ({"without": "*:lost"}, "without must be a list, each item a str"),
        ({"passthrough_modules": ["no.such"]}, "there is no module 'no.such'"),
        ({"clock": "real"}, "clock must be a Clock or None, got 'real'"),
    ],
)
def test_an_argument_that_can_match_nothing_is_refused(said: dict[str, Any], told: str) -> None:
    """An invariant about it would always hold."""
    with pytest.raises(UsageError, match=told):
        target(activities=[activities.charge, activities.refund], **said)


def test_activities_that_are_made_later_are_looked_at_later() -> None:
    """When the worker is up."""
    later = target(activities=lambda: [activities.charge], reads=["chrage"])

    assert [*later.unknown_activities(["charge"])] == [
        "`reads`: unknown activity 'chrage'. Did you mean 'charge'? Available: charge."
    ]
    assert [*later.unknown_activities(["chrage"])] == []


def test_its_server_knows_its_search_attributes() -> None:
    """Those that it declares, and those that it is started with."""
    state, count = SearchAttributeKey.for_keyword("State"), SearchAttributeKey.for_int("Count")
    start = StartOptions(search_attributes=TypedSearchAttributes([SearchAttributePair(count, 1)]), memo={"who": "Ada"})

    found = target(search_attributes=[state], start=start)

    assert found.server().search_attributes == {"State": "Keyword", "Count": "Int"}
    assert found.start_options()["memo"] == {"who": "Ada"}
    assert target().start_options() == {}


def test_it_knows_the_lines_of_its_activities_and_of_its_workflow() -> None:
    """Those of activities that are made later it does not."""
    bound = Activities()
    here = str(Path(__file__))
    known = target(activities=[activities.charge, bound.ship]).code
    lines, first = getsourcelines(Activities.ship)

    assert Path(known[""].path).parts[-2:] == ("shop", "workflow.py")
    assert Path(known["charge"].path).parts[-2:] == ("shop", "activities.py")
    assert known["ship"] == Place(path=here, line=first)
    assert lines[0].strip() == "@activity.defn"
    assert [*target(activities=lambda: [activities.charge]).code] == [""]


class Activities:
    """Activities with what they need."""

    @activity.defn
    async def ship(self) -> None:
        """Do nothing."""
