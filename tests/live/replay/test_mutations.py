"""Changed code on real histories: every change of a command is found, and no other is reported."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from harness.application_side.loading import Loaded
from harness.application_side.playing import BUILD_ID
from harness.application_side.recorder import Recording
from harness.replay.engine.compare_revisions import changed, commands
from harness.replay.engine.player import open_player
from harness.replay.histories.files import Known, examine
from harness.replay.verdicts.judgement import Judgement, ReplayOutcome
from tests.live.apps import every_command
from tests.live.replay.mutations import BREAKS, DRIFTS, HIDDEN, MUTATIONS, SAME, Mutation

SOURCE = Path(every_command.__file__).read_text(encoding="utf-8")
ENDS_WITHIN = 30

_table: list[tuple[str, str, str, str]] = []


async def judged(workflow: type, history: WorkflowHistory) -> tuple[Judgement, Recording]:
    """Our word on it."""
    read = examine(history, Known(workflow_id=history.workflow_id, open=True), name="history")
    async with asyncio.timeout(ENDS_WITHIN), open_player(Loaded(workflows=(workflow,)), break_age=True) as player:
        return await player.judge(read)


async def passes(workflow: type, history: WorkflowHistory) -> bool:
    """Whether the SDK's own replayer has nothing to say."""
    replayer = Replayer(workflows=[workflow], build_id=BUILD_ID)
    async with asyncio.timeout(ENDS_WITHIN):
        result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    return result.replay_failure is None


def changed_copy(mutation: Mutation, folder: Path, monkeypatch: pytest.MonkeyPatch) -> type:
    """The workflow with that change, importable by the sandbox."""
    assert SOURCE.count(mutation.old) == 1, mutation
    name = f"every_command_{MUTATIONS.index(mutation):02}"
    file = folder / f"{name}.py"
    file.write_text(SOURCE.replace(mutation.old, mutation.new), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    changed_class: type = getattr(module, mutation.of.partition(" ")[0])
    return changed_class


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: f"{one.of}-{one.what}".replace(" ", "_"))
async def test_a_change_is_told_for_what_it_is(
    mutation: Mutation,
    recorded: dict[str, WorkflowHistory],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a break, as drift, or not at all; what is in no history, by two revisions."""
    history = recorded[mutation.of]
    after = changed_copy(mutation, tmp_path, monkeypatch)
    judgement, recording = await judged(after, history)
    standard = await passes(after, history)

    ours = {ReplayOutcome.NON_DETERMINISTIC: BREAKS, ReplayOutcome.REPLAYS: DRIFTS if judgement.drifts else SAME}
    _table.append((mutation.of, mutation.what, "replays" if standard else "breaks", ours[judgement.outcome]))
    assert ours[judgement.outcome] == (SAME if mutation.outcome == HIDDEN else mutation.outcome), judgement
    assert standard is (judgement.outcome is ReplayOutcome.REPLAYS)
    if mutation.outcome == HIDDEN:
        _, before = await judged(getattr(every_command, mutation.of), history)
        assert list(changed(commands(before.issued), commands(recording.issued)))
    if mutation.outcome == BREAKS:
        assert judgement.event
        assert judgement.remedy
        assert judgement.break_age is not None


async def test_the_code_that_made_them_has_not_drifted(recorded: dict[str, WorkflowHistory]) -> None:
    """None of them, however awkward: failed updates, what is abandoned, what is cancelled at once."""
    sites: set[str] = set()
    for name, history in recorded.items():
        judgement, recording = await judged(getattr(every_command, name.partition(" ")[0]), history)
        sites.update(one.site.file for one in recording.issued if one.site is not None)

        assert (name, judgement.title) == (name, "replays")
    assert sites == {every_command.__file__}


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Change, what the standard replay says, what ours says."""
    with capsys.disabled():
        print()
        for of, what, standard, ours in _table:
            print(f"{of:9} {what:45} {standard:8} {ours}")
    changing = [one for one in MUTATIONS if one.outcome != SAME]
    standard_found = sum(standard == "breaks" for _, _, standard, _ in _table)

    assert len(MUTATIONS) >= 40
    assert standard_found < len(changing)
