"""The run folder holds all that a verdict needs, whatever becomes of it while it is being written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.flights import Flights
from harness import HttpError, LiveRun, LostReply, NoOrphans, Outcome, Verdict
from harness.environment.open import Environment
from harness.errors import EnvironmentUnavailable
from harness.evidence.run_folder import load
from harness.judge import judge
from harness.run.scenario_run import run_scenario
from tests.live.apps.reserve import Reserve, Wanted
from tests.live.apps.scenarios import reserving
from tests.live.conftest import Run


async def test_the_same_findings_again_from_the_folder(run: Run) -> None:
    """What was saved is what was seen; judging it again finds the same, word for word."""
    scenario = reserving(
        faults=[LostReply(on=Flights.book), HttpError(on=Flights.cancel)],
        expects=[Outcome(result=["reserved"]), NoOrphans()],
    )

    result = await run(scenario)
    loaded = load(result.folder)

    assert result.verdict is Verdict.FAILED
    assert loaded == result.evidence
    assert judge(scenario, loaded) == result.findings


async def test_a_stranger_can_read_it(run: Run) -> None:
    """The folder tells the story, with the verdict, what was found and what happened."""
    result = await run(reserving(faults=[LostReply(on=Flights.book)], expects=[Outcome(result=["reserved"])]))

    story = (result.folder / "story.md").read_text(encoding="utf-8")
    assert story.startswith(f"# {result.name}: FAILED")
    assert result.findings[0].title in story
    for told in ("CallReceived", "FaultFired", "EffectApplied", "ActivityTaskScheduled reserve"):
        assert told in story


def replaced_by_a_file(folder: Path) -> None:
    """Make the folder one that nobody can write to, root neither."""
    shutil.rmtree(folder)
    folder.write_text("not a folder", encoding="utf-8")


def hidden_behind_a_folder(folder: Path) -> None:
    """Make its one file of events unwritable."""
    (folder / "events.jsonl").unlink()
    (folder / "events.jsonl").mkdir()


@pytest.mark.parametrize("spoil", [replaced_by_a_file, hidden_behind_a_folder, shutil.rmtree])
async def test_nothing_is_lost_with_the_folder(
    spoil: Callable[[Path], None], harness_environment: Environment, tmp_path: Path
) -> None:
    """A folder that goes away in the middle of the run costs no evidence, and the result says where it is."""
    folder = tmp_path / "run"

    async def drive(run: LiveRun) -> None:
        spoil(folder)
        await run.handle.signal(Reserve.go)

    scenario = reserving(Wanted(seats=2, ask_before=2), expects=[Outcome(result=["reserved", "reserved"])], drive=drive)

    result = await run_scenario(scenario, name="live/spoiled", environment=harness_environment, folder=folder, seed=0)

    assert result.verdict is Verdict.PASSED
    assert load(result.folder) == result.evidence
    if result.folder != folder:
        assert str(result.folder) in result.note
        shutil.rmtree(result.folder)


async def test_a_folder_that_cannot_be_made(harness_environment: Environment, tmp_path: Path) -> None:
    """The run is refused before anything starts, with what to do about it."""
    (tmp_path / "file").touch()

    with pytest.raises(EnvironmentUnavailable, match=r"cannot be written: .* Choose another with --runs\."):
        await run_scenario(
            reserving(), name="live/none", environment=harness_environment, folder=tmp_path / "file" / "run", seed=0
        )


async def test_a_folder_that_was_used_before(harness_environment: Environment, tmp_path: Path) -> None:
    """The folder holds the last run that was kept in it, and nothing of the one before."""
    for_both: dict[str, Any] = {"name": "live/again", "environment": harness_environment, "folder": tmp_path}
    await run_scenario(reserving(), seed=1, **for_both)
    last = await run_scenario(reserving(), seed=2, **for_both)

    assert load(tmp_path) == last.evidence


async def test_each_event_is_a_line_of_json(run: Run) -> None:
    """Other programs can read the events without the harness."""
    result = await run(reserving())

    lines = (result.folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["event"] for line in lines] == [type(one).__name__ for one in result.evidence.events]
