"""Which faults can meet which calls."""

from __future__ import annotations

from typing import Any

import pytest

from harness.evidence.calls import CallPlace
from harness.explore.model.fault_kinds import every_kind
from harness.explore.search.fault_points import faults_at, most_telling_first, wrong_patterns
from tests.unit.explore.made import made

CALLS = {name for name, kind in every_kind().items() if CallPlace.ACTIVITY in kind.places and not kind.kills}
"""The kinds that calls of activities can meet, in a worker that is not killed."""

REQUESTS = {name for name, kind in every_kind().items() if CallPlace.REQUEST in kind.places}
KILLS = {name for name, kind in every_kind().items() if kind.kills and CallPlace.EVENT not in kind.places}


def kinds(**known: Any) -> set[str]:
    """The kinds that can meet a call of which this is known."""
    return {one.kind.name for one in faults_at(made("charge", **known), reads=frozenset())}


def test_a_call_that_gives_up_meets_everything_but_what_takes_a_heartbeat() -> None:
    """Three attempts, no heartbeat."""
    assert kinds(maximum_attempts=3, bounded=True, alongside=True) == CALLS - {"interrupted"}


def test_a_call_that_never_gives_up_meets_no_service_that_is_down_for_good() -> None:
    """It waits until the service is back, as it was built to."""
    assert "down" not in kinds()
    assert "lost_last" in kinds()


def test_with_one_attempt_what_is_lost_is_lost_on_the_last() -> None:
    """One of two names for the same is enough."""
    assert kinds(maximum_attempts=1, bounded=True, alongside=True) == CALLS - {"interrupted", "lost", "down"}


def test_a_call_that_only_reads_loses_nothing_with_its_answer() -> None:
    """What commits is not tried on it."""
    found = faults_at(made("charge", bounded=True), reads=frozenset({"charge"}))

    assert not [one for one in found if one.kind.commits]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"child": True, "bounded": True}, {"lost_last", "non_retryable"}),
        ({"timer": True}, {"cancelled"}),
        ({"event": True}, {"cancelled_after"}),
    ],
)
def test_children_timers_and_events_meet_what_they_can(known: dict[str, Any], expected: set[str]) -> None:
    """They have no attempts of ours to break."""
    assert kinds(**known) == expected


def test_a_local_activity_is_never_swallowed() -> None:
    """Its worker would be swallowed with it."""
    assert not kinds(local=True, bounded=True) & {"zombie", "timed_out_after", "timed_out_before"}


def test_an_interruption_comes_at_the_first_the_middle_and_the_last_heartbeat() -> None:
    """Not at each of a thousand."""
    found = [one.beat for one in faults_at(made("copy", heartbeats=9), reads=frozenset()) if one.beat]

    assert found == [1, 5, 9]


def test_in_real_time_no_timeout_is_waited_for_that_takes_too_long() -> None:
    """It would be taken for a workflow that does not end."""
    slow = made("charge", gives_up_within=30.0)
    found = {one.kind.name for one in faults_at(slow, reads=frozenset(), patience=5.0)}

    assert "zombie" not in found
    assert "lost" in found


def test_what_is_not_wanted_is_left_out() -> None:
    """By patterns."""
    found = faults_at(made("charge"), reads=frozenset(), without=["charge#*:lost*", "*:error"])

    assert not {one.kind.name for one in found} & {"lost", "lost_last", "error"}


def test_a_pattern_of_a_kind_that_does_not_exist_is_refused() -> None:
    """It would leave out nothing; an old spelling is answered with the new one."""
    lost, swallowed = wrong_patterns(["charge#*:lose", "*:swallowed-after", "*:lost*", "copy#1:interrupted@2"])

    assert lost.startswith("'charge#*:lose' in `without`: unknown kind of fault 'lose'")
    assert (
        swallowed == "'*:swallowed-after' in `without`: the kind of fault 'swallowed-after' is now spelled "
        "'timed_out_after'."
    )


def test_the_most_telling_kinds_come_first_for_every_call() -> None:
    """So that a budget is spent well."""
    calls = [made("a", bounded=True), made("b", bounded=True)]
    ordered = most_telling_first(fault for one in calls for fault in faults_at(one, reads=frozenset()))

    assert [str(one) for one in ordered[:3]] == ["a#1:lost_last", "b#1:lost_last", "a#1:non_retryable"]


def test_a_request_meets_what_a_service_and_the_wire_to_it_can_do() -> None:
    """And nothing that is about activities."""
    assert kinds(request=True, bounded=True) == REQUESTS
    assert kinds(request=True) == REQUESTS - {"unavailable", "outage"}
    assert not REQUESTS & kinds()


def test_a_worker_is_killed_only_where_it_has_a_process_of_its_own() -> None:
    """At activities, local ones too, but at no timer and no child."""

    def meets(**known: Any) -> set[str]:
        return {one.kind.name for one in faults_at(made("charge", **known), reads=frozenset(), processes=True)}

    assert meets() >= KILLS
    assert meets(local=True) >= KILLS
    assert not KILLS & (kinds() | meets(timer=True) | meets(child=True) | meets(request=True) | meets(event=True))


def test_a_worker_is_killed_at_what_comes_first_in_a_task() -> None:
    """At what else comes in it, it would be the same kill."""

    def meets(task: int) -> set[str]:
        told = made("event", event=True, task=task)
        return {one.kind.name for one in faults_at(told, reads=frozenset(), processes=True)}

    assert meets(2) == {"cancelled_after", "killed_at_task"}
    assert meets(0) == {"cancelled_after"}
