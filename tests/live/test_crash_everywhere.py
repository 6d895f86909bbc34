"""A worker is killed at every event of every run of a chain, and what one forgets by that is found."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from fakes.flights import Flights
from harness import Outcome, Scenario, StartOptions, Verdict
from harness.catalog import Entry
from harness.environment.open import Environment
from harness.events import WorkerGone
from harness.explore.crash_everywhere import Spot, crash_everywhere, crash_free
from harness.results import Result
from tests.live.apps.legs import Travel, TravelForgetfully, Trip
from tests.live.apps.scenarios import RESERVE
from tests.live.commands import FAILS, harness, make_project
from tests.live.conftest import Run

AGAIN = '''
    """It says hello once more, and waits a moment each time."""

    from dataclasses import replace

    from harness import Application, Outcome
    from trials.doors import holds
    from trials.doors._again import Again

    scenario = replace(
        holds.scenario,
        application=Application(workflows=[Again]),
        workflow=Again.run,
        given=2,
        uses=[],
        expects=[Outcome(result="hello")],
    )
    '''

AGAIN_WORKFLOW = '''
    """Says hello in its last run."""

    from temporalio import workflow


    @workflow.defn
    class Again:
        @workflow.run
        async def run(self, runs: int) -> str:
            await workflow.sleep(0.2)
            if runs > 1:
                workflow.continue_as_new(runs - 1)
            return "hello"
    '''


def travelling(workflow: Any, trip: Trip, *, vouchers: Sequence[str]) -> Scenario:
    """A scenario that ends with these vouchers, whose lost workflow tasks are noticed soon."""
    return Scenario(
        application=replace(RESERVE, workflows=[workflow]),
        workflow=workflow.run,
        given=trip,
        uses=[Flights],
        start=StartOptions(task_timeout=timedelta(seconds=2)),
        expects=[Outcome(result=vouchers)],
    )


async def crashed(run: Run, scenario: Scenario, *, only: Sequence[Spot] = ()) -> Mapping[Spot, Result]:
    """Run it without a crash, then with one at each of these events."""
    entry = crash_free(Entry(name="live/x", path=Path(__file__), summary="", scenario=scenario))
    calm = await run(entry.scenario)
    schedules = crash_everywhere(entry, calm, only=only)
    results = await asyncio.gather(*(run(one.scenario) for one in schedules))
    spots = (Spot.of(one.name.removeprefix("live/x/")) for one in schedules)
    return dict(zip(spots, results, strict=True))


async def test_a_chain_is_crashed_at_every_event_of_every_run(run: Run) -> None:
    """Each time the worker is killed after its event, and the chain ends as if nothing had happened."""
    results = await crashed(run, travelling(Travel, Trip(legs=["night", "day"]), vouchers=["leg 0"]))

    # Eleven events a run: the start, a workflow task, the activity, a workflow task, and the end, which is the last's.
    assert list(results) == [Spot(run=number, event=event) for number in (1, 2) for event in range(1, 12)][:-1]
    for spot, result in results.items():
        assert result.verdict is Verdict.PASSED, "\n".join(map(str, [spot, *result.findings]))
        gone, *drained = result.evidence.of(WorkerGone)
        assert gone.code == -signal.SIGKILL
        assert gone.at > result.evidence.runs[spot.run - 1].events[spot.event - 1].at
        assert signal.SIGKILL not in [-one.code for one in drained]


async def test_what_is_forgotten_between_two_runs_is_found_in_a_later_one(run: Run) -> None:
    """The first run has nothing to forget, so that a kill there changes nothing; the pauses keep each in its run."""
    trip = Trip(legs=["day", "night", "day"], pause=timedelta(seconds=1))
    scenario = travelling(TravelForgetfully, trip, vouchers=["leg 1"])
    paused, renewed = 5, 16
    spots = [Spot(run=1, event=number) for number in (paused, renewed - 1, renewed)]
    spots += [Spot(run=2, event=paused), Spot(run=3, event=paused)]

    results = await crashed(run, scenario, only=spots)

    *acquitted, convicted = results.values()
    assert [one.verdict for one in acquitted] == [Verdict.PASSED] * 4
    assert convicted.verdict is Verdict.FAILED
    found = next(one for one in convicted.findings if one.oracle == "same_as_without_crash")
    assert found.title.startswith("the workflow ends differently when a worker dies: ")


async def test_an_event_of_a_later_run_is_named(harness_environment: Environment, tmp_path: Path) -> None:
    """By the number of its run; events and runs that there are not are told at once, without a traceback."""
    project = make_project(tmp_path, again=AGAIN, _again=AGAIN_WORKFLOW)
    servers = ["--temporal", harness_environment.temporal.address, "--toxiproxy", harness_environment.toxiproxy.address]

    async def at(*events: str) -> list[str]:
        words = [word for event in events for word in ("--crash-at", event)]
        ended = await harness("run", "doors/again", *words, *servers, cwd=project)
        return [str(ended.code), *(ended.out + ended.err).splitlines()]

    crashes, unknown, unheard_of = await asyncio.gather(at("run-2/5", "5"), at("run-3/1", "99"), at("2/5", "x"))

    told = "\n".join(crashes)
    assert crashes[0] == "0", told
    assert "PASSED       doors/again/crash-at-005" in told
    assert "PASSED       doors/again/run-2/crash-at-005" in told
    assert crashes[-1] == "crashed at 2 of 2 events"
    assert unknown[0] == "2"
    assert "run 1 of doors/again has the events 1 to 10 to crash at, not 99." in unknown[-2]
    assert "doors/again has the runs 1 to 2, so that there is no event run-3/1 to crash at." in unknown[-1]
    assert unheard_of[0] == "2"
    assert "'2/5' is not an event to crash at" in unheard_of[1]
    assert "'x' is not an event to crash at" in unheard_of[2]


async def test_what_fails_without_a_crash_is_not_crashed(harness_environment: Environment, tmp_path: Path) -> None:
    """It ends with the verdict of the runs without a crash, and says why there are no others."""
    project = make_project(tmp_path, fails=FAILS)
    servers = ["--temporal", harness_environment.temporal.address, "--toxiproxy", harness_environment.toxiproxy.address]

    ended = await harness("run", "doors/*", "--crash-everywhere", *servers, cwd=project)

    assert ended.code == 1, ended.err
    assert "FAILED       doors/fails" in ended.out
    assert ended.out.endswith("Nothing was crashed: first every scenario has to pass without a crash.\n")
