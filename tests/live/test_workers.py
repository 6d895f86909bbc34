"""Worker processes are killed, paused, drained and replaced where a scenario says, and nothing else happens to them."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import harness.faults.worker
from fakes.parcels import Parcels
from fakes.payments import Payments
from harness import (
    AtPoint,
    Attempts,
    Deploy,
    Drain,
    EffectsInOrder,
    Fault,
    FirstCalls,
    HttpError,
    Kill,
    LiveRun,
    OnEvent,
    Oracle,
    Outage,
    Outcome,
    Pause,
    Phase,
    RollingRestart,
    Scenario,
    UsageError,
    Verdict,
    Window,
    WorkerProcesses,
)
from harness.environment.open import Wishes, open_environment
from harness.events import WorkerGone, WorkerPaused, WorkerResumed, WorkerStarted
from harness.files.naming import kind_of
from harness.results import Result
from harness.run.scenario_run import run_scenario
from scenarios.heartbeat import all_well as batch
from scenarios.worker_loss import all_well as order
from tests.live.apps import orders
from tests.live.apps.reordered import ShipFirst
from tests.live.conftest import Begin, Run
from tests.live.leftovers import alive, marked

APPLICATION = order.scenario.application
PATIENT = replace(order.IMPATIENT, answer_within=timedelta(seconds=3), attempt_within=timedelta(seconds=4))
"""All of a module's runs begin at once, and none may lose an attempt to that."""
AFTER_CHARGE = AtPoint(phase=Phase.AFTER_BODY, activity="charge", attempt=1)
SUCCESS = Outcome(result={"success": True})
PAID_ONCE = EffectsInOrder(operations=[Payments.charge, Parcels.book])


def ordering(
    *faults: Fault,
    expects: Sequence[Oracle] = (SUCCESS,),
    workers: WorkerProcesses = WorkerProcesses(),  # noqa: B008 - a frozen value
    activities: Any = APPLICATION.activities,
) -> Scenario:
    """Return a scenario that places an order."""
    application = replace(APPLICATION, activities=activities)
    return replace(
        order.scenario,
        application=application,
        given=replace(order.scenario.given, patience=PATIENT),
        faults=faults,
        expects=expects,
        workers=workers,
    )


def called(charge: int, ship: int) -> list[Oracle]:
    """The order is placed, with so many calls."""
    return [SUCCESS, Attempts(of=Payments.charge, count=charge), Attempts(of=Parcels.book, count=ship)]


def killed(phase: Phase, expects: Sequence[Oracle], **at: Any) -> Scenario:
    """Return a scenario whose worker is killed at a point."""
    return ordering(Kill(when=AtPoint(phase=phase, **at)), expects=expects)


SCENARIOS = {
    "kill before a body": killed(Phase.BEFORE_BODY, called(1, 1), activity="charge"),
    "kill after a body": killed(Phase.AFTER_BODY, called(2, 1), activity="charge"),
    "kill at the nth point": killed(Phase.AFTER_BODY, called(1, 2), nth=2),
    "kill in a workflow's first task": killed(Phase.WORKFLOW_TASK, called(1, 1), number=1),
    "kill in a workflow's second task": killed(Phase.WORKFLOW_TASK, called(1, 1), workflow="PlaceOrder", number=2),
    "kill in a second attempt": ordering(
        HttpError(on=Payments.charge, when=FirstCalls(n=1)),
        Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="charge", attempt=2)),
        expects=called(3, 1),
    ),
    "kill at a heartbeat": replace(
        batch.scenario,
        workers=WorkerProcesses(),
        faults=[Kill(when=AtPoint(phase=Phase.HEARTBEAT, number=3))],
        expects=[Outcome(result={"processed": batch.ITEMS})],
    ),
    "kill at a checkpoint": replace(
        batch.scenario,
        workers=WorkerProcesses(),
        faults=[Kill(when=AtPoint(phase=Phase.HEARTBEAT, checkpoint=5, checkpoint_field="processed"))],
        expects=[Outcome(result={"processed": batch.ITEMS})],
    ),
    "kill one of two": ordering(Kill(when=AFTER_CHARGE), workers=WorkerProcesses(count=2), expects=called(2, 1)),
    "kill the only one, for a while": ordering(
        Kill(when=AFTER_CHARGE, gone_for=timedelta(milliseconds=500)), expects=called(2, 1)
    ),
    "kill the only one until it is healed": ordering(
        Kill(replaced=False, when=Window(opens=AFTER_CHARGE, closes=OnEvent(type="ActivityTaskStarted", nth=1))),
        workers=WorkerProcesses(count=2),
    ),
    "kill two, one after the other": ordering(
        Kill(when=AFTER_CHARGE),
        Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="ship", attempt=1)),
        expects=called(2, 2),
    ),
    # How many attempts are lost to polls that the paused worker has open is the server's choice.
    "pause until the end": ordering(Pause(others=1, when=AFTER_CHARGE), expects=[SUCCESS, PAID_ONCE]),
    "pause beside another worker": ordering(
        Pause(when=AFTER_CHARGE), workers=WorkerProcesses(count=2), expects=[SUCCESS, PAID_ONCE]
    ),
    "drain": ordering(Drain(when=AFTER_CHARGE), expects=called(1, 1)),
    "drain without a replacement": ordering(
        Drain(when=AFTER_CHARGE, replaced=False), workers=WorkerProcesses(count=2), expects=called(1, 1)
    ),
    "drain a worker that ignores it": ordering(
        Drain(when=AFTER_CHARGE),
        workers=WorkerProcesses(grace=timedelta(0)),
        activities=orders.deaf,
    ),
    "rolling restart": ordering(
        RollingRestart(when=AFTER_CHARGE), workers=WorkerProcesses(count=2), expects=called(1, 1)
    ),
    "deploy": ordering(
        Deploy(application=replace(APPLICATION, activities=orders.sends_letters), when=AFTER_CHARGE),
        expects=called(1, 1),
    ),
    "an outage that a worker process meets": ordering(
        Outage(on=Parcels, when=Window(opens=AFTER_CHARGE, closes=AtPoint(phase=Phase.BEFORE_BODY, attempt=3)))
    ),
}

Runs = Mapping[str, "asyncio.Task[Result]"]


@pytest.fixture(scope="module")
def runs(begin: Begin) -> Runs:
    """All of them at once."""
    return {name: begin(scenario) for name, scenario in SCENARIOS.items()}


@pytest.mark.parametrize("name", SCENARIOS)
async def test_does_what_it_says(runs: Runs, name: str) -> None:
    """The fault strikes where it says, is known to have fired, and the application survives it."""
    result = await runs[name]

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))


@pytest.mark.parametrize("name", SCENARIOS)
async def test_leaves_no_worker_behind(runs: Runs, name: str) -> None:
    """Every worker that was started is gone when the run is over, and none that was paused stays so."""
    evidence = (await runs[name]).evidence

    assert {event.worker for event in evidence.of(WorkerStarted)} == {event.worker for event in evidence.of(WorkerGone)}
    assert all(event.asked for event in evidence.of(WorkerGone))
    assert [one.worker for one in evidence.of(WorkerPaused)] == [one.worker for one in evidence.of(WorkerResumed)]


def test_every_kind_is_here() -> None:
    """Each file in harness/faults/worker/ is tried on real processes."""
    kinds = {path.stem for folder in harness.faults.worker.__path__ for path in Path(folder).glob("[!_]*.py")}

    tried = {kind_of(fault) for scenario in SCENARIOS.values() for fault in scenario.faults}
    assert kinds <= tried


async def test_who_is_replaced_and_how_they_ended(runs: Runs) -> None:
    """A killed worker ends by SIGKILL, a drained one with exit code 0, and one that ignores SIGTERM is killed."""
    ends = {
        name: {event.worker: event.code for event in (await runs[name]).evidence.of(WorkerGone)}
        for name in ("kill after a body", "drain", "drain a worker that ignores it", "rolling restart")
    }

    assert ends["kill after a body"] == {"worker-1": -9, "worker-2": 0}
    assert ends["drain"] == {"worker-1": 0, "worker-2": 0}
    assert ends["drain a worker that ignores it"] == {"worker-1": -9, "worker-2": -9}
    assert set(ends["rolling restart"].values()) == {0}


async def test_the_other_version_is_at_work_after_a_deploy(runs: Runs) -> None:
    """The step after the deploy is the second version's."""
    evidence = (await runs["deploy"]).evidence

    [shipped] = evidence.calls_of("parcels", "book")
    assert str(shipped.key).endswith(":letter")


# --- what cannot work, and says so ------------------------------------------------------------------------------------


def only_finding(result: Result) -> tuple[Verdict, str, str]:
    """Return the verdict, and by whom and what the first finding says."""
    return result.verdict, result.findings[0].oracle, result.findings[0].title


async def test_a_worker_whose_module_does_not_import(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """INCONCLUSIVE at once, with the worker's own words."""
    only_here = ModuleType("only_here")
    exec("def activities(**urls): return []", vars(only_here))  # noqa: S102 - a module that has no file
    monkeypatch.setitem(sys.modules, "only_here", only_here)

    result = await run(ordering(activities=vars(only_here)["activities"]))

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert (
        title == "worker-1 exited during startup. Its log ends with: ModuleNotFoundError: No module named 'only_here'"
    )


async def test_a_worker_that_never_polls(run: Run) -> None:
    """INCONCLUSIVE when the time is up, and it is not left behind."""
    workers = WorkerProcesses(grace=timedelta(0), up_within=timedelta(seconds=1))
    scenario = ordering(activities=orders.never_ready, workers=workers)

    result = await run(scenario)

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert "worker-1 did not poll its task queue within 1 s" in title
    assert [event.worker for event in result.evidence.of(WorkerGone)] == ["worker-1"]


async def test_a_worker_that_ends_by_itself(run: Run) -> None:
    """INCONCLUSIVE at once and not at the deadline: nobody declared that."""
    result = await run(ordering(activities=orders.takes_its_worker_along))

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert title.startswith("worker-1 ended with exit code 3, and no fault ended it.")
    assert result.took < timedelta(seconds=15)


async def test_a_replacement_that_does_not_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks while a worker waits at a point ends the run, with the reason."""
    only_here = ModuleType("only_here_either")
    exec("def activities(**urls): return []", vars(only_here))  # noqa: S102 - a module that has no file
    monkeypatch.setitem(sys.modules, "only_here_either", only_here)
    broken = replace(APPLICATION, activities=vars(only_here)["activities"])

    result = await run(ordering(Deploy(application=broken, when=AFTER_CHARGE)))

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert "worker-2 exited during startup" in title
    assert result.took < timedelta(seconds=15)


async def test_code_that_does_not_fit_the_history(run: Run) -> None:
    """A deploy of incompatible code is FAILED at once, with what does not fit (DET-005)."""
    reordered = replace(APPLICATION, workflows=[ShipFirst])

    result = await run(ordering(Deploy(application=reordered, when=AFTER_CHARGE)))

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.FAILED, "no_stuck_task")
    assert "Nondeterminism error" in title


async def test_a_point_that_is_never_reached(run: Run) -> None:
    """INCONCLUSIVE, naming the points that were."""
    result = await run(ordering(Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="refund"))))

    assert only_finding(result)[:2] == (Verdict.INCONCLUSIVE, "fault_not_fired")
    detail = result.findings[0].detail
    assert "it was never armed: what its trigger waits for did not happen" in detail
    assert "before_body of charge attempt 1, after_body of charge attempt 1" in detail
    assert "workflow_task 1 of PlaceOrder" in detail


async def test_two_faults_at_one_point(run: Run) -> None:
    """The first that is declared strikes; the other finds nobody, and the finding says who was there before."""
    result = await run(ordering(Kill(when=AFTER_CHARGE), Pause(when=AFTER_CHARGE)))

    assert only_finding(result)[:2] == (Verdict.INCONCLUSIVE, "fault_not_fired")
    [finding] = result.findings
    assert finding.title == "the fault pause@workers never fired; declared: at least 1."
    assert "faults that fired: kill@workers killed worker-1" in finding.detail


async def test_a_nursery_that_dies(tmp_path: Path) -> None:
    """The run that needed it is INCONCLUSIVE, and the next one gets another."""
    async with open_environment(Wishes(), folder=tmp_path) as environment:

        async def drive(run: LiveRun) -> None:
            await run.until("ActivityTaskScheduled")
            fork_server = environment.fork_server._process
            assert fork_server is not None
            fork_server.kill()
            await run.until("WorkflowExecutionCompleted")

        async def run(name: str, scenario: Scenario) -> Result:
            return await run_scenario(scenario, name=name, environment=environment, folder=tmp_path / name, seed=0)

        broken = await run("live/broken", replace(ordering(), drive=drive))
        after = await run("live/after", ordering())

    verdict, oracle, title = only_finding(broken)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert "no fault ended it" in title
    assert after.verdict is Verdict.PASSED, "\n".join(map(str, after.findings))


def test_an_application_that_cannot_travel() -> None:
    """Refused when it is declared: what stands inside a function cannot be imported by another process."""

    def activities(**_urls: str) -> list[Any]:
        return []

    with pytest.raises(UsageError, match=r"cannot run in a worker process: .* at the top level of a module"):
        ordering(activities=activities)


@pytest.mark.parametrize(
    "wrong",
    [{"count": 0}, {"max_cached_workflows": -1}, {"grace": timedelta(seconds=-1)}, {"up_within": timedelta(0)}],
    ids=lambda one: next(iter(one)),
)
def test_workers_that_cannot_be_built(wrong: dict[str, Any]) -> None:
    """Refused when they are declared."""
    with pytest.raises(UsageError):
        WorkerProcesses(**wrong)


def test_a_fault_on_workers_that_are_no_processes() -> None:
    """Refused when it is declared, with what to declare."""
    with pytest.raises(UsageError, match=r"kill needs worker processes; declare `workers=WorkerProcesses\(\)`\."):
        replace(batch.scenario, faults=[Kill(when=AFTER_CHARGE)])


def test_a_place_that_stays_empty_for_nobody() -> None:
    """Refused when it is declared."""
    with pytest.raises(UsageError, match="gone_for cannot be set with replaced=False"):
        ordering(Kill(when=AFTER_CHARGE, replaced=False, gone_for=timedelta(seconds=1)))


async def until(comes_true: Callable[[], bool]) -> None:
    """Wait for what another process does, which has no way to tell."""
    async with asyncio.timeout(30):
        while not comes_true():  # noqa: ASYNC110 - files and processes have no events
            await asyncio.sleep(0.02)


async def test_nothing_stays_stopped_when_the_runner_is_killed(tmp_path: Path) -> None:
    """Kill -9 of the runner while a worker is paused ends all that it had started."""
    mark = secrets.token_hex(8)
    with (tmp_path / "output.txt").open("wb") as output:
        runner = subprocess.Popen(  # noqa: ASYNC220 - it is only waited for when it is dead
            [sys.executable, "-m", "harness", "run", "heartbeat/worker_paused", "--runs", str(tmp_path)],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=marked(mark),
        )
    try:
        await until(lambda: any(b'"WorkerPaused"' in file.read_bytes() for file in tmp_path.rglob("events.jsonl")))
        before = {process.name() for process in alive(mark)}
    finally:
        runner.kill()
        runner.wait()

    await until(lambda: not alive(mark))
    assert len(before) > 1
