"""A scenario once more for each event of its workflow's runs, with the worker killed there."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import AfterEvent, Kill, UsageError
from harness.catalog import Entry
from harness.evidence.history import History
from harness.explore.crash_everywhere import Spot, crash_everywhere, crash_free
from harness.results import Result
from scenarios.saga import all_well
from tests.unit.builders import closed, completed, evidence, finding, result

ENTRY = crash_free(Entry(name="saga/x", path=Path("x.py"), summary="", scenario=all_well.scenario))
CHAIN = [closed("CONTINUED_AS_NEW", run_id="1"), completed({"n": 1}, run_id="2")]
CHILD = closed("CANCELED", workflow_id="child")


def ran(*histories: History) -> Result:
    """The crash-free run, which left these histories of three events each."""
    return result(of=evidence(*histories))


def names(schedules: list[Entry]) -> list[str]:
    """What the runs that crash are called, after the scenario."""
    return [one.name.removeprefix("saga/x/") for one in schedules]


def test_every_event_but_the_last_is_crashed_at() -> None:
    """A worker that dies after the end dies in vain; children are left out."""
    schedules = crash_everywhere(ENTRY, ran(completed(), CHILD))

    assert names(schedules) == ["crash-at-001", "crash-at-002"]


def test_every_run_of_a_chain_is_crashed_in() -> None:
    """The event by which a run continues as new is none to end with: a worker that dies there is missed in the next."""
    schedules = crash_everywhere(ENTRY, ran(*CHAIN, CHILD))

    assert names(schedules) == [
        "crash-at-001",
        "crash-at-002",
        "crash-at-003",
        "run-2/crash-at-001",
        "run-2/crash-at-002",
    ]


def test_the_kill_the_words_and_the_summary_name_the_event() -> None:
    """And what the scenario's own faults do goes on."""
    (schedule,) = crash_everywhere(ENTRY, ran(*CHAIN), only=[Spot(run=2, event=1)])

    assert schedule.scenario.faults == [*ENTRY.scenario.faults, Kill(when=AfterEvent(id=1, run=2))]
    assert schedule.words == "saga/x --crash-at run-2/1"
    assert schedule.summary == "The worker is killed once event run-2/1 (WorkflowExecutionStarted) is recorded."


def test_every_name_and_all_words_lead_back_to_the_event() -> None:
    """Whatever a report shows of a run can be given to `--crash-at`."""
    for schedule in crash_everywhere(ENTRY, ran(*CHAIN)):
        words = [schedule.words.rpartition(" ")[2], schedule.name.removeprefix("saga/x/")]
        for word in words:
            (again,) = crash_everywhere(ENTRY, ran(*CHAIN), only=[Spot.of(word)])

            assert again == schedule


@pytest.mark.parametrize(
    "word", ["", "0", "-1", "x", "2/3", "run-2", "run-0/3", "run-2/0", "run-2/3/4", "crash-at-", "٣"]
)
def test_what_names_no_event_is_refused(word: str) -> None:
    """The error says how an event is named."""
    with pytest.raises(UsageError, match=r"such as 17, .* the run's as well, such as run-2/17"):
        Spot.of(word)


@pytest.mark.parametrize(
    ("chain", "spots", "problems"),
    [
        (CHAIN[1:], ["3"], ["saga/x has the events 1 to 2 to crash at, not 3."]),
        (CHAIN[1:], ["run-2/1"], ["saga/x has one run, so that there is no event run-2/1 to crash at."]),
        (
            CHAIN,
            ["run-3/1", "run-2/3", "4", "1"],
            [
                "run 1 of saga/x has the events 1 to 3 to crash at, not 4.",
                "run 2 of saga/x has the events 1 to 2 to crash at, not 3.",
                "saga/x has the runs 1 to 2, so that there is no event run-3/1 to crash at.",
            ],
        ),
    ],
)
def test_events_and_runs_that_there_are_not_are_refused(
    chain: list[History], spots: list[str], problems: list[str]
) -> None:
    """All at once, and the error says what there is."""
    with pytest.raises(UsageError) as refused:
        crash_everywhere(ENTRY, ran(*chain), only=[Spot.of(one) for one in spots])

    assert list(refused.value.problems) == problems


def test_a_red_run_is_nothing_to_compare_with() -> None:
    """Whatever a crash then changes, it may not be the crash."""
    with pytest.raises(UsageError, match="saga/x is FAILED without any crash; fix that first: it broke"):
        crash_everywhere(ENTRY, result(finding()))
