"""Runs scenarios, as many at once as asked for, and tells the reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness import EnvironmentUnavailable, Verdict
from harness.catalog import Entry
from harness.environment.open import Wishes
from harness.evidence.schedule_events import HeldUp, MachineBusy
from harness.results import (
    Report,
    Reports,
    Result,
    RunBegan,
    RunEnded,
    RunEvent,
    SessionEnded,
    SessionEvent,
    SessionStarted,
)
from harness.sessions import session as module
from harness.sessions.session import ENOUGH, Session
from harness.workers.machine import Machine
from scenarios.saga import all_well
from tests.unit import builders
from tests.unit.builders import finding, result
from tests.unit.fake_testbed import settle

ENTRIES = [
    Entry(name=f"saga/{name}", path=Path(f"{name}.py"), summary="", scenario=all_well.scenario) for name in "abc"
]


@dataclass
class Recorded:
    """A report that keeps what it is told."""

    events: list[SessionEvent] = field(default_factory=list)

    def notify(self, event: SessionEvent) -> None:
        """Keep it."""
        self.events.append(event)

    def of(self, kind: type[SessionEvent]) -> list[Any]:
        """The events of a kind."""
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Runs:
    """Stands in for real runs: each waits until it is let go, and ends as it was told to."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    ends: dict[str, Result | list[Result] | Exception] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    most: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def run(self, scenario: Any, **said: Any) -> Result:
        """Be a run."""
        self.asked.append({**said, "deadline": scenario.deadline})
        name = said["name"]
        self.running.append(name)
        self.most = max(self.most, len(self.running))
        said["listen"](builders.received("flights.book"))
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            said["interrupted"](result(finding(verdict=Verdict.INCONCLUSIVE), name=name))
            raise
        finally:
            self.running.remove(name)
        end = self.ends.get(name, result(name=name))
        if isinstance(end, Exception):
            raise end
        return end.pop(0) if isinstance(end, list) else end


def nothing() -> SimpleNamespace:
    """An environment that is not there, on a machine of which nothing is counted."""
    watch = SimpleNamespace(machine=Machine(waits=lambda _: {}))
    return SimpleNamespace(temporal="Temporal", toxiproxy="Toxiproxy", loop_watch=watch)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """A session runs these instead of real ones, in an environment that is not there."""

    @asynccontextmanager
    async def open_nothing(*_: Any, **__: Any) -> AsyncIterator[Any]:
        yield nothing()

    runs = Runs()
    monkeypatch.setattr(module, "open_environment", open_nothing)
    monkeypatch.setattr(module, "run_scenario", runs.run)
    return runs


Made = Callable[..., Session]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Make a session."""

    def make(*reports: Report, jobs: int = 8, seed: int = 7) -> Session:
        return Session(wishes=Wishes(), folder=tmp_path, seed=seed, jobs=jobs, reports=reports)

    return make


async def test_a_session_is_told_from_its_start_to_its_end(runs: Runs, made: Made) -> None:
    """Every report hears of the start, of each run, of its events and its result, and of the end, in that order."""
    first, second = Recorded(), Recorded()
    runs.go.set()
    ended = await made(first, second, jobs=1).run(ENTRIES[:1])

    assert [type(event) for event in first.events] == [SessionStarted, RunBegan, RunEvent, RunEnded, SessionEnded]
    assert first.events == second.events
    assert first.of(SessionEnded) == [ended]
    assert (ended.verdict, ended.not_run, ended.interrupted) == (Verdict.PASSED, (), False)


async def test_no_more_runs_go_on_at_once_than_asked_for(runs: Runs, made: Made) -> None:
    """Two of three, until one has ended."""
    session = asyncio.create_task(made(jobs=2).run(ENTRIES))
    await settle()
    at_once = list(runs.running)
    runs.go.set()
    await session

    assert at_once == ["saga/a", "saga/b"]
    assert runs.most == 2


@pytest.mark.parametrize(("jobs", "seconds"), [(1, 60), (8, 60), (50, 375)])
async def test_a_deadline_is_longer_when_each_run_has_less_of_the_machine(
    runs: Runs, made: Made, jobs: int, seconds: int
) -> None:
    """As many times as there are more runs at once than usual."""
    runs.go.set()
    await made(jobs=jobs).run(ENTRIES[:1])

    assert runs.asked[0]["deadline"] == timedelta(seconds=seconds)


async def test_results_are_in_the_order_of_their_names(runs: Runs, made: Made) -> None:
    """However the runs overtook each other."""
    runs.go.set()
    ended = await made().run(list(reversed(ENTRIES)))

    assert [one.name for one in ended.results] == ["saga/a", "saga/b", "saga/c"]


async def test_a_repeated_scenario_has_a_seed_and_a_folder_for_each_run(runs: Runs, made: Made) -> None:
    """The first run has the session's own seed, so that one seed repeats it; the same session has the same seeds."""
    runs.go.set()
    await made().run(ENTRIES[:1], times=3)
    await made().run(ENTRIES[:1], times=3)
    seeds = [said["seed"] for said in runs.asked]
    folders = [said["folder"].name for said in runs.asked]

    assert seeds[0] == 7
    assert len(set(seeds[:3])) == 3
    assert seeds[:3] == seeds[3:]
    assert folders[:3] == ["0001", "0002", "0003"]


async def test_one_red_run_makes_the_session_red(runs: Runs, made: Made) -> None:
    """The worst verdict is the session's."""
    runs.ends["saga/b"] = result(finding(verdict=Verdict.INCONCLUSIVE), name="saga/b")
    runs.ends["saga/c"] = result(finding(), name="saga/c")
    runs.go.set()

    assert (await made().run(ENTRIES[:2])).verdict is Verdict.INCONCLUSIVE
    assert (await made().run(ENTRIES)).verdict is Verdict.FAILED


async def test_an_interrupted_session_tells_what_ran_and_what_never_began(runs: Runs, made: Made) -> None:
    """It ends by itself, is not a pass, and the partial result of what went on is told."""
    report = Recorded()
    session = asyncio.create_task(made(report, jobs=1).run(ENTRIES))
    await settle()
    session.cancel()
    ended = await session

    assert ended.interrupted
    assert [one.name for one in ended.results] == ["saga/a"]
    assert ended.not_run == ("saga/b", "saga/c")
    assert ended.verdict is Verdict.INCONCLUSIVE
    assert report.of(SessionEnded) == [ended]


async def test_an_interruption_while_the_servers_are_ended_costs_nothing(
    runs: Runs, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run has been told of by then."""
    ending = asyncio.Event()

    @asynccontextmanager
    async def open_slowly(*_: Any, **__: Any) -> AsyncIterator[Any]:
        yield nothing()
        ending.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(module, "open_environment", open_slowly)
    runs.go.set()
    session = asyncio.create_task(made().run(ENTRIES))
    await ending.wait()
    session.cancel()
    ended = await session

    assert (ended.verdict, ended.interrupted, len(ended.results)) == (Verdict.PASSED, False, 3)


async def test_a_lost_environment_ends_the_session_as_one_error(runs: Runs, made: Made) -> None:
    """Its text reaches the command line, not a group of tasks."""
    runs.ends["saga/b"] = EnvironmentUnavailable("the disk is full.")
    runs.go.set()

    with pytest.raises(EnvironmentUnavailable, match="the disk is full"):
        await made().run(ENTRIES)


async def test_a_report_that_cannot_be_written_does_not_cost_the_others(runs: Runs, made: Made) -> None:
    """The other reports hear the end all the same, and the failure is told."""

    class Full(Recorded):
        def notify(self, event: SessionEvent) -> None:
            if isinstance(event, SessionEnded):
                raise OSError(28, "No space left on device")

    other = Recorded()
    reports = Reports([Full(), other])
    runs.go.set()
    await made(reports).run(ENTRIES)
    reports.notify(other.of(SessionEnded)[0])

    assert len(other.of(SessionEnded)) == 2
    with pytest.raises(EnvironmentUnavailable, match="No space left on device") as raised:
        reports.close()
    assert str(raised.value).count("No space") == 1


def _disturbed(name: str) -> Result:
    """A red run that was held up by another."""
    held_up = HeldUp(by="block of saga/c", where="shop.py:3", seconds=5)
    return result(finding(), name=name, of=builders.evidence(held_up, name=name))


async def test_a_run_that_others_disturbed_is_run_again_alone(runs: Runs, made: Made, tmp_path: Path) -> None:
    """Once, with the same seed, after all others; reports see its second result only, with a note."""
    heard = Recorded()
    runs.ends = {"saga/a": [_disturbed("saga/a"), result(name="saga/a")], "saga/b": _disturbed("saga/b")}
    runs.go.set()
    ended = await made(heard).run(ENTRIES)

    assert [asked["name"] for asked in runs.asked] == ["saga/a", "saga/b", "saga/c", "saga/a", "saga/b"]
    assert [asked["folder"] for asked in runs.asked[3:]] == [tmp_path / "saga/a/alone", tmp_path / "saga/b/alone"]
    assert runs.asked[3]["seed"] == runs.asked[0]["seed"]
    assert [(one.name, one.verdict) for one in ended.results] == [
        ("saga/a", Verdict.PASSED),
        ("saga/b", Verdict.FAILED),
        ("saga/c", Verdict.PASSED),
    ]
    assert len(heard.of(RunEnded)) == 3
    assert "run again alone" in ended.results[0].note


def _busy(name: str) -> Result:
    """A run that was red on a busy machine."""
    busy = MachineBusy(seconds=3, starved=2, lasted=4)
    return result(finding(), name=name, of=builders.evidence(busy, name=name))


async def test_a_run_that_is_red_on_a_busy_machine_is_run_again_alone(runs: Runs, made: Made) -> None:
    """Its second verdict counts, whichever it is."""
    runs.ends = {"saga/a": [_busy("saga/a"), result(name="saga/a")], "saga/b": _busy("saga/b")}
    runs.go.set()
    ended = await made().run(ENTRIES)

    assert [asked["name"] for asked in runs.asked[3:]] == ["saga/a", "saga/b"]
    assert [(one.verdict, one.machine_was_busy) for one in ended.results] == [
        (Verdict.PASSED, True),
        (Verdict.FAILED, True),
        (Verdict.PASSED, False),
    ]


async def test_where_much_is_red_with_or_without_other_work_the_rest_does_not_run_again(runs: Runs, made: Made) -> None:
    """It is not the machine then; the results of the rest stand."""
    many = [replace(ENTRIES[0], name=f"saga/{number:02}") for number in range(ENOUGH + 3)]
    runs.ends = {one.name: _busy(one.name) for one in many}
    runs.go.set()
    ended = await made().run(many)

    assert len(runs.asked) == len(many) + ENOUGH
    assert len(ended.results) == len(many)


async def test_a_second_run_that_is_interrupted_leaves_the_first(runs: Runs, made: Made) -> None:
    """Its result is not lost."""
    runs.ends = {"saga/a": [_disturbed("saga/a"), result(name="saga/a")]}
    runs.go.set()
    heard = Recorded()

    class Stops(Recorded):
        def notify(self, event: SessionEvent) -> None:
            super().notify(event)
            if isinstance(event, RunBegan) and len(self.of(RunBegan)) == 2:
                runs.go.clear()
                session.cancel()

    session = asyncio.create_task(made(heard, Stops()).run(ENTRIES[:1]))
    ended = await session

    assert ended.interrupted
    assert [(one.name, one.verdict) for one in ended.results] == [("saga/a", Verdict.FAILED)]


def test_the_verdict_of_a_session_is_never_a_pass_for_nothing() -> None:
    """Nothing run, something not run, or an interruption: none of them proves what was to be proven."""
    sound = builders.session(result())

    assert sound.verdict is Verdict.PASSED
    assert builders.session().verdict is Verdict.INCONCLUSIVE
    assert builders.session(skipped={"stock/redis_down": "there is no redis-server"}).verdict is Verdict.INCONCLUSIVE
    assert builders.session(result(), not_run=("saga/b",)).verdict is Verdict.INCONCLUSIVE
    assert replace(sound, interrupted=True).verdict is Verdict.INCONCLUSIVE
    assert builders.session(result(finding()), interrupted=True).verdict is Verdict.FAILED
