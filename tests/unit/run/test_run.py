"""The steps of a run, whatever its subject is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.errors import HarnessError
from harness.events import FaultFired, RunBroken, RunInterrupted, RunStarted
from harness.evidence.event_stream import Stream
from harness.evidence.run_folder import RunFolder, load
from harness.explore.model.schedule import FAULT_FREE
from harness.explore.search.judge import ScheduleExpectations
from harness.results import Result
from harness.run.run import run
from harness.temporal.fetched_history import FetchedHistory
from harness.verdict import Verdict


class _Subject:
    """Records which steps were taken; one of them may raise."""

    name = "made/up"
    seed = 7
    expectations = ScheduleExpectations(schedule=FAULT_FREE)

    def __init__(self, *, breaks: str = "", error: BaseException | None = None) -> None:
        self.stream = Stream()
        self.histories: list[FetchedHistory] = []
        self.steps: list[str] = []
        self._breaks = breaks
        self._error = error

    def _step(self, name: str) -> None:
        self.steps.append(name)
        if name == self._breaks and self._error is not None:
            raise self._error

    @asynccontextmanager
    async def environment(self) -> AsyncIterator[None]:
        """Steps 2 and 3."""
        self.stream.emit(RunStarted(scenario=self.name, seed=self.seed, task_queue="q"))
        self._step("environment")
        try:
            yield
        finally:
            self.steps.append("environment left")

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Steps 4, 5 and 7."""
        self._step("working")
        try:
            yield
        finally:
            self.steps.append("healed")

    async def drive(self) -> None:
        """Step 6."""
        self._step("drive")

    async def collect(self) -> None:
        """Step 8."""
        self._step("collect")

    async def replay(self) -> None:
        """Step 9."""
        self._step("replay")

    async def hold(self, conclude: Callable[[], Result]) -> None:
        """Look at the result while everything is up."""
        self.steps.append(f"hold {conclude().verdict}")


async def test_the_steps_are_taken_in_their_order() -> None:
    """What is armed is healed before evidence is collected, and everything is up while somebody looks."""
    subject = _Subject()
    result = await run(subject, repeat="again")

    assert subject.steps == [
        "environment",
        "working",
        "drive",
        "healed",
        "collect",
        "replay",
        "hold INCONCLUSIVE",
        "environment left",
    ]
    assert (result.name, result.repeat, result.evidence.seed) == ("made/up", "again", 7)
    assert [one.title for one in result.findings] == ["no history was replayed."]


@pytest.mark.parametrize("step", ["environment", "working", "drive", "collect", "replay"])
@pytest.mark.parametrize(
    ("error", "what"), [(HarnessError("the server is gone"), "the server is gone"), (KeyError("x"), "the run broke")]
)
async def test_whatever_breaks_a_run_leaves_it_without_proof(step: str, error: Exception, what: str) -> None:
    """Other runs go on; what was armed is healed all the same."""
    subject = _Subject(breaks=step, error=error)
    result = await run(subject)

    assert result.verdict is Verdict.INCONCLUSIVE
    assert what in result.evidence.of(RunBroken)[0].what
    assert ("healed" in subject.steps) == (step not in {"environment", "working"})


async def test_an_interrupted_run_hands_over_what_there_is(tmp_path: Path) -> None:
    """Marked as interrupted, in its folder as well; the interruption goes on."""
    subject, results = _Subject(breaks="drive", error=asyncio.CancelledError()), list[Result]()
    folder = RunFolder(tmp_path)
    subject.stream.listen(folder.record)

    with pytest.raises(asyncio.CancelledError):
        await run(subject, folder=folder, interrupted=results.append)

    assert "healed" in subject.steps
    assert [one.oracle for one in results[0].findings] == ["run"]
    assert load(tmp_path).of(RunInterrupted)


async def test_a_run_with_a_folder_can_be_judged_again_from_it(tmp_path: Path) -> None:
    """Every event is in it, also one that another thread emitted."""
    subject, folder = _Subject(), RunFolder(tmp_path)
    subject.stream.listen(folder.record)
    await asyncio.to_thread(subject.stream.emit, FaultFired(fault="f"))
    result = await run(subject, folder=folder)

    assert result.folder == tmp_path
    assert load(tmp_path).events == result.evidence.events
    assert (tmp_path / "story.md").is_file()
