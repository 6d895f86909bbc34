"""`harness replay` on real histories, in processes of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from harness.replay.engine.code import Code
from harness.replay.engine.file_replays import ReplayPlan, replay_files
from harness.replay.histories.folder import find
from harness.replay.verdicts.judgement import Judgement, NotJudged
from harness.replay.verdicts.summary import ReplayPolicy
from harness.verdict import Verdict
from tests.live.commands import LOOK_AGAIN, WITHIN, begin, harness
from tests.unit.reports.schemas import valid

ROOT = Path(__file__).parents[3]
EVERY = "tests.live.apps.every_command"


async def replayed(folder: Path, log: Path, *, workflows: str = EVERY, **plan: object) -> dict[str, Judgement]:
    """The judgements by the files' names."""
    made = ReplayPlan(code=Code(workflows=(workflows,)), path=(str(ROOT),), **plan)  # type: ignore[arg-type]
    judgements = await replay_files(find([folder]), made, log=log / "log")
    return {Path(one.file).stem: one for one in judgements}


async def test_every_history_is_judged_once(folder: Path, tmp_path: Path) -> None:
    """By processes each with a hash seed of its own."""
    judged = await replayed(folder, tmp_path, processes=2, seed=5)

    assert {one.title for one in judged.values()} == {"replays"}
    assert sorted(judged) == sorted(one.stem for one in folder.iterdir())
    assert {one.hash_seed for one in judged.values()} == {"5", "6"}


async def test_none_brings_down_the_others(folder: Path, tmp_path: Path) -> None:
    """One that hangs, one that kills its process, one with a bug, one that the sandbox stops."""
    judged = await replayed(
        folder, tmp_path, workflows="tests.live.apps.replayed_badly", processes=2, deadline=timedelta(seconds=8)
    )

    assert judged["Fan"].reason is NotJudged.DOES_NOT_YIELD
    assert "replayed_badly.py:" in judged["Fan"].message
    assert judged["Timers"].reason is NotJudged.DIED
    assert judged["Timers"].message.endswith("its process ended with exit code 9.")
    assert judged["Again 2"].reason is NotJudged.CODE
    assert "replayed_badly.py" in judged["Again 2"].message
    assert judged["Local"].reason is NotJudged.SANDBOX
    assert judged["Parent"].reason is NotJudged.UNREGISTERED
    assert judged["Sequence"].event == 5
    assert {ReplayPolicy().verdict(one) for one in judged.values()} == {Verdict.INCONCLUSIVE, Verdict.FAILED}


async def test_two_revisions_tell_what_no_history_has(folder: Path, tmp_path: Path) -> None:
    """A local activity's arguments."""
    old = tmp_path / "old" / "tests" / "live" / "apps"
    old.mkdir(parents=True)
    source = (ROOT / "tests" / "live" / "apps" / "every_command.py").read_text(encoding="utf-8")
    (old / "every_command.py").write_text(source.replace("args=[word, 1], start", "args=[word, 2], start"))
    judged = await replayed(folder, tmp_path, against=(str(tmp_path / "old"),))

    assert [(name, one.drifts[0].field) for name, one in judged.items() if one.drifts] == [("Local", "arguments[1]")]


@pytest.mark.parametrize("options", [[], ["--unsandboxed"], ["--against", str(ROOT)]])
async def test_coverage_tells_what_no_history_reaches(folder: Path, tmp_path: Path, options: list[str]) -> None:
    """By function, from all processes together, and which way each patch went; it makes nothing red."""
    some = tmp_path / "some"
    some.mkdir()
    for name in ("Patched", "Fan"):
        shutil.copy(folder / f"{name}.json", some)
    told = tmp_path / "report.json"
    ended = await harness(
        "replay", some, "--workflows", EVERY, "--coverage", "--json", told, "-j", "2", *options, cwd=ROOT
    )

    assert ended.code == 0, ended.err
    data = valid("replay", json.loads(told.read_text(encoding="utf-8")))["coverage"]
    [module] = data["modules"]
    assert module["file"] == "tests/live/apps/every_command.py"
    missed = {one["name"]: one for one in module["missed"]}
    assert missed["Sequence.run"]["lines"]
    assert "Fan.run" not in missed
    assert not missed["Patched.run"]["lines"]
    assert len(missed["Patched.run"]["branches"]) == 1, "from the patch to the old way"
    assert {(one["patch"], one["deprecated"], one["new"], one["old"]) for one in data["patches"]} == {
        ("new-way", False, 1, 0),
        ("old-way", True, 1, 0),
    }
    assert "no history reaches Sequence.run: lines" in ended.out


async def test_a_process_that_dies_takes_nothing_along(folder: Path, tmp_path: Path) -> None:
    """What it had measured before is kept."""
    some = tmp_path / "some"
    some.mkdir()
    for name in ("Sequence", "Timers"):
        shutil.copy(folder / f"{name}.json", some)
    assert (some / "Sequence.json").stat().st_size > (some / "Timers.json").stat().st_size, "it comes first"
    badly = "tests.live.apps.replayed_badly"
    ended = await harness("replay", some, "--workflows", badly, "--coverage", "-j", "1", cwd=ROOT)

    assert "cannot be judged (process died)" in ended.out
    assert "no history reaches Hangs.run: lines" in ended.out
    assert "no history reaches BySetOrder.run: lines" not in ended.out


async def test_a_folder_of_bad_files_is_red_and_says_why(folder: Path, tmp_path: Path) -> None:
    """Each by itself, and the good one among them is still judged; every report has them all."""
    bad = tmp_path / "bad"
    bad.mkdir()
    shutil.copy(folder / "Fan.json", bad / "good.json")
    shutil.copy(folder / "Fan.json", bad / "twice.json")
    whole = (bad / "good.json").read_bytes()
    (bad / "empty.json").touch()
    (bad / "cut.json").write_bytes(whole[:500])
    (bad / "begun.json").write_text(json.dumps({"events": json.loads(whole)["events"][:2]}))
    (bad / "open.json").write_text(json.dumps({"events": json.loads(whole)["events"][:9]}))
    reports = [f"--{form}={tmp_path / form}" for form in ("json", "junit", "markdown")]
    ended = await harness("replay", bad, "--workflows", EVERY, *reports, cwd=ROOT)

    assert ended.code == 4, ended.err
    assert "4 cannot be judged, 2 replay;" in ended.out
    assert "the same history as" in ended.out
    data = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert {Path(one["file"]).stem: one["reason"] for one in data["histories"]} == {
        "good": None,
        "twice": None,
        "empty": "empty",
        "cut": "unreadable",
        "begun": "cut short",
        "open": "cut short",
    }
    assert len(list(ET.parse(tmp_path / "junit").getroot().iter("testcase"))) == 6  # noqa: S314 - our own
    assert (tmp_path / "markdown").read_text(encoding="utf-8").startswith("# Replay: INCONCLUSIVE")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--workflows", "nowhere.at.all"], "does not import"),
        (["--workflows", f"{EVERY}:Nobody"], "unknown workflow"),
        (["--workflows", EVERY, "--codec", "json:loads"], "is not a PayloadCodec"),
        (["--workflows", EVERY, "--allow", "nowhere.toml"], "cannot be read"),
        (["--workflows", EVERY, "--against", "no-such-revision"], "neither such a folder nor such a git revision"),
        ([], "--workflows"),
    ],
)
async def test_a_mistake_is_told_in_a_paragraph(folder: Path, options: list[str], words: str) -> None:
    """With exit code 2, and no traceback."""
    ended = await harness("replay", folder, *options, cwd=ROOT)

    assert ended.code == 2
    assert words in ended.err
    assert "Traceback" not in ended.err


async def test_a_folder_without_histories_is_no_success(tmp_path: Path) -> None:
    """Nothing would be held back."""
    ended = await harness("replay", tmp_path, "--workflows", EVERY, cwd=ROOT)

    assert ended.code == 2
    assert "there is no history under" in ended.err


async def test_ctrl_c_keeps_what_was_judged(folder: Path, tmp_path: Path) -> None:
    """What was not is told as such, and no process is left."""
    command = await begin(
        "harness",
        *("replay", folder / "Fan.json", "--workflows", "tests.live.apps.replayed_badly", "-j", "1"),
        cwd=ROOT,
    )
    await command.has_children()
    command.process.send_signal(signal.SIGINT)
    ended = await command.end()

    assert ended.code == 4, ended.err
    assert "cannot be judged (interrupted)" in ended.out
    async with asyncio.timeout(10):
        while command.descendants():  # noqa: ASYNC110 - a process table tells nobody
            await asyncio.sleep(0.01)


async def test_a_process_guard_that_is_killed_ends_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not judged says why, and nothing is left: no process, and no temporary file."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = await begin(
        "harness",
        *("replay", folder / "Fan.json", "--workflows", "tests.live.apps.replayed_badly", "-j", "1"),
        cwd=ROOT,
    )
    async with asyncio.timeout(WITHIN):
        while not any("files_main" in word for one in command.descendants() for word in one.cmdline()):  # noqa: ASYNC110 - a process table tells nobody
            await asyncio.sleep(LOOK_AGAIN)
    command.kill_guard()
    ended = await command.end()

    assert ended.code == 4, ended.out + ended.err
    assert "cannot be judged (interrupted): the process guard was killed" in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert await command.left() == []
    assert list(tmp_path.iterdir()) == []
