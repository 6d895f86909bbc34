"""However a run ends before its time, it says so, and says what it was waiting for."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio.bridge.worker import Worker as CoreWorker

from fakes.flights import Flights
from harness import Application, FirstCalls, HttpError, LateReply, LiveRun, Outcome, Scenario, Verdict
from harness.events import DeadlinePassed, FaultHealed, WorkflowClosed
from harness.results import Result
from tests.live.apps.reserve import Wanted
from tests.live.apps.scenarios import reserving
from tests.live.apps.stuck import Patient
from tests.live.conftest import Run

SOON = timedelta(seconds=1)
WAITS = Scenario(application=Application(workflows=[Patient]), workflow=Patient.run, expects=[Outcome()], deadline=SOON)


def only_finding(result: Result) -> tuple[Verdict, str, str]:
    """Return the verdict, and by whom and what the first finding says."""
    return result.verdict, result.findings[0].oracle, result.findings[0].title


async def test_deadline_of_a_workflow_that_waits(run: Run) -> None:
    """A workflow that waits for nobody's signal is FAILED by its deadline, and terminated."""
    result = await run(WAITS)

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.FAILED, "terminates")
    assert title == (
        "the workflow had not ended after 1 s; it was waiting for a timer, a signal or a condition in its own code."
    )
    assert [event.status for event in result.evidence.of(WorkflowClosed)] == ["Terminated"]


async def test_deadline_of_an_activity_that_is_retried(run: Run) -> None:
    """The finding names the activity that the workflow was waiting for, its attempt and its last failure."""
    scenario = reserving(Wanted(seats=1, attempts=0), faults=[HttpError(on=Flights.book, status=500)], deadline=SOON)

    result = await run(scenario)

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.FAILED, "terminates")
    assert "it was waiting for activity reserve at attempt" in title
    assert "status 500" in title


async def test_deadline_while_a_call_is_held(run: Run) -> None:
    """A call that a fault holds is let go when the fault is healed, and does not hold up the end of the run."""
    scenario = reserving(
        Wanted(answer_within=timedelta(minutes=1)),
        faults=[LateReply(on=Flights.book, patience=timedelta(minutes=1))],
        deadline=SOON,
    )

    result = await run(scenario)

    assert result.evidence.of(DeadlinePassed)
    assert [event.fault for event in result.evidence.of(FaultHealed)] == ["late_reply@flights.book"]
    assert result.took < timedelta(seconds=10)


async def test_a_drive_that_raises(run: Run) -> None:
    """An error in the scenario's own drive proves nothing about the application: INCONCLUSIVE, with the error."""

    async def drive(_run: LiveRun) -> None:
        raise RuntimeError("drove into a wall")

    result = await run(reserving(Wanted(ask_before=1), drive=drive))

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert "drove into a wall" in title


async def test_a_drive_whose_own_wait_times_out(run: Run) -> None:
    """A TimeoutError of the drive's own is an error of the drive, not the scenario's deadline."""

    async def drive(_run: LiveRun) -> None:
        async with asyncio.timeout(0.05):
            await asyncio.Event().wait()

    result = await run(reserving(Wanted(ask_before=1), drive=drive))

    assert not result.evidence.of(DeadlinePassed)
    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert "TimeoutError" in title


async def test_a_drive_that_waits_for_what_never_comes(run: Run) -> None:
    """A moment that has not come when the workflow has ended will not come: INCONCLUSIVE at once."""

    async def drive(run: LiveRun) -> None:
        await run.until("TimerFired")

    result = await run(reserving(drive=drive))

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert title == "the workflow ended while the scenario's drive was still waiting for its moment."
    assert result.took < timedelta(seconds=10)


async def test_a_drive_that_holds_a_call_which_never_comes(run: Run) -> None:
    """While the workflow waits, too, the deadline ends both."""

    async def drive(run: LiveRun) -> None:
        async with run.holding(Flights.book, nth=2):
            pass

    result = await run(reserving(Wanted(seats=2, ask_before=2), drive=drive, deadline=SOON))

    assert only_finding(result)[:2] == (Verdict.FAILED, "terminates")


async def test_a_worker_that_dies(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that ends by itself breaks the run: INCONCLUSIVE, with its error, and other runs are not touched."""
    broken = asyncio.Event()
    poll = CoreWorker.poll_activity_task

    async def polled(core: CoreWorker) -> object:
        if broken.is_set():
            broken.clear()
            raise RuntimeError("the core is gone")
        return await poll(core)

    async def drive(run: LiveRun) -> None:
        broken.set()
        await run.until("ActivityTaskCompleted", nth=3)

    monkeypatch.setattr(CoreWorker, "poll_activity_task", polled)
    scenario = reserving(
        Wanted(seats=3), faults=[HttpError(on=Flights.book, status=500, when=FirstCalls(n=1))], drive=drive
    )

    result = await run(scenario)

    verdict, oracle, title = only_finding(result)
    assert (verdict, oracle) == (Verdict.INCONCLUSIVE, "run")
    assert "the core is gone" in title
    assert [event.fault for event in result.evidence.of(FaultHealed)] == ["http_error@flights.book"]
