"""The folder that keeps the evidence of a run."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.errors import EnvironmentUnavailable, UsageError
from harness.events import FaultArmed, Kept, RunInterrupted
from harness.evidence.evidence import Evidence
from harness.evidence.history import read_history
from harness.evidence.run_folder import FORMAT, RunFolder, load, save_index
from tests.unit.builders import booked, evidence, history_json, payload, recorded


class Disk:
    """Folders that are full refuse to be written to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.spare = root / "spare"
        self.full: set[Path] = set()

    def make_spare(self, **_: Any) -> str:
        """Make the temporary folder."""
        self.spare.mkdir()
        return str(self.spare)

    def refusing(self, real: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a method of Path that writes, or may."""

        def write(path: Path, *arguments: Any, **options: Any) -> Any:
            reads = real.__name__ == "open" and (not arguments or arguments[0] == "r")
            if not reads and any(path.is_relative_to(folder) for folder in self.full):
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(path, *arguments, **options)

        return write


CLOSE = recorded("WORKFLOW_EXECUTION_COMPLETED", result={"payloads": [payload({"success": True})]})
RAW = history_json(recorded("WORKFLOW_EXECUTION_STARTED"), CLOSE)


def save(folder: RunFolder, told: Evidence) -> None:
    """Write evidence as a run does."""
    for event in told.events:
        folder.record(event)
    for one in told.histories:
        folder.write_history(json.dumps(RAW), workflow_id=one.workflow_id, run_id=one.run_id)
    save_index(folder, told)


@pytest.mark.parametrize(
    "workflow_id",
    [
        "trip-1",
        "parent/child: 1?",
        "\N{SNOWMAN}",
        "x" * 1000,
        "/".join("deep" for _ in range(100)),
        "",
        ".",
        "..",
        "../..",
        "a\0b",
        "nul",
        "\x1b[2J\n",
    ],
    ids=["plain", "odd", "unicode", "long", "deep", "empty", "dot", "dots", "up", "nul-byte", "reserved", "control"],
)
def test_saved_evidence_is_loaded_as_it_was(tmp_path: Path, workflow_id: str) -> None:
    """Whatever the workflow is called, the same verdict can be reached from the folder alone."""
    told = evidence(booked("flights"), read_history(RAW, workflow_id=workflow_id, run_id="r1"))
    save(RunFolder(tmp_path / "deep" / "run"), told)

    assert load(tmp_path / "deep" / "run") == told
    assert [one.name for one in (tmp_path / "deep").iterdir()] == ["run"]
    assert len(list((tmp_path / "deep" / "run" / "histories").glob("*/*.json"))) == 1


def test_a_history_under_the_name_of_an_earlier_version_is_found(tmp_path: Path) -> None:
    """Long workflow ids were cut in another way; the run id tells which history it is."""
    told = evidence(booked("flights"), read_history(RAW, workflow_id="x" * 1000, run_id="r1"))
    save(RunFolder(tmp_path / "run"), told)
    [folder] = (tmp_path / "run" / "histories").iterdir()
    folder.rename(folder.with_name("x" * 200 + "~0badcafe"))

    assert load(tmp_path / "run") == told


def test_decoded_histories_are_what_oracles_read(tmp_path: Path) -> None:
    """The server's own form stays beside them, for a replay."""
    history = read_history(RAW, workflow_id="w", run_id="run-1")
    folder = RunFolder(tmp_path / "run")
    save(folder, evidence(history))
    close = recorded("WORKFLOW_EXECUTION_COMPLETED", result={"payloads": [payload("decoded")]})
    folder.write_decoded({"run-1": history_json(recorded("WORKFLOW_EXECUTION_STARTED"), close)})
    loaded = load(folder.path)

    assert loaded.histories[0].outcome.result == "decoded"
    assert json.loads((folder.path / "histories" / "w" / "run-1.json").read_text(encoding="utf-8")) == RAW


def test_the_order_of_histories_is_kept(tmp_path: Path) -> None:
    """The first history is the scenario's own, whatever its id sorts to."""
    runs = [read_history(RAW, workflow_id=workflow_id, run_id="r") for workflow_id in ("z", "a", "m")]
    save(RunFolder(tmp_path), evidence(*runs))

    assert [one.workflow_id for one in load(tmp_path).histories] == ["z", "a", "m"]


def test_ids_that_differ_only_far_behind_are_kept_apart(tmp_path: Path) -> None:
    """Two long workflow ids with the same beginning are two histories."""
    folder = RunFolder(tmp_path)
    for end in "ab":
        folder.write_history(f'"{end}"', workflow_id="x" * 500 + end, run_id="r")

    assert sorted(file.read_text() for file in tmp_path.glob("histories/*/r.json")) == ['"a"', '"b"']


def lose_index(folder: Path) -> None:
    """Take the index away."""
    (folder / "evidence.json").unlink()


def cut_events(folder: Path) -> None:
    """Cut the last event off in the middle."""
    file = folder / "events.jsonl"
    file.write_text(file.read_text()[:-10])


def lose_a_history(folder: Path) -> None:
    """Take a history away."""
    shutil.rmtree(folder / "histories")


def write_a_list(folder: Path) -> None:
    """Have an index that is no object."""
    (folder / "evidence.json").write_text("[]")


def forget_the_seed(folder: Path) -> None:
    """Have an index without a seed."""
    (folder / "evidence.json").write_text(json.dumps({"format": FORMAT, "scenario": "a/b", "histories": []}))


def write_a_number(folder: Path) -> None:
    """Have an event that is no object."""
    (folder / "events.jsonl").write_text("17\n")


def write_other_text(folder: Path) -> None:
    """Have events in another encoding."""
    (folder / "events.jsonl").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    "damage",
    [lose_index, cut_events, lose_a_history, write_a_list, forget_the_seed, write_a_number, write_other_text],
)
def test_a_damaged_folder_is_refused(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    """It is the user's folder, so it is told in one paragraph, whatever is wrong with it."""
    save(RunFolder(tmp_path), evidence(booked("flights"), read_history(RAW, workflow_id="w", run_id="r")))
    damage(tmp_path)

    with pytest.raises(UsageError):
        load(tmp_path)


@pytest.mark.parametrize("left", [0, 2])
def test_lost_events_are_a_sentence(tmp_path: Path, left: int) -> None:
    """Calls and effects that are gone would let a run pass that has failed."""
    save(RunFolder(tmp_path), evidence(booked("flights")))
    file = tmp_path / "events.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:left]))

    with pytest.raises(UsageError, match=f"events.jsonl has lost events: it has {left} of 3. Run the scenario again."):
        load(tmp_path)


def test_an_empty_record_of_an_earlier_version_is_a_sentence(tmp_path: Path) -> None:
    """Its index does not say how many events there were; none is too few."""
    save(RunFolder(tmp_path), evidence())
    index = json.loads((tmp_path / "evidence.json").read_text())
    del index["events"]
    (tmp_path / "evidence.json").write_text(json.dumps(index))

    with pytest.raises(UsageError, match="has lost events: it has 0 of 1"):
        load(tmp_path)


def test_a_folder_of_another_version_is_refused_with_both(tmp_path: Path) -> None:
    """The reader learns which version wrote it and which one reads it."""
    save(RunFolder(tmp_path), evidence(booked("flights")))
    file = tmp_path / "evidence.json"
    file.write_text(file.read_text().replace(f'"format": {FORMAT}', '"format": 99'))

    with pytest.raises(
        UsageError, match=f"has format 99, of a newer version of the harness; this one reads format {FORMAT}. Upgrade"
    ):
        load(tmp_path)


def test_an_event_of_another_version_is_refused_with_its_folder(tmp_path: Path) -> None:
    """One sentence that names the file."""
    save(RunFolder(tmp_path), evidence(booked("flights")))
    file = tmp_path / "events.jsonl"
    file.write_text('{"event": "OfTheFuture", "at": "2030-01-01T00:00:00Z"}\n' + file.read_text())

    with pytest.raises(UsageError, match=r"events\.jsonl: unknown event 'OfTheFuture'"):
        load(tmp_path)


def test_events_are_on_disk_at_once(tmp_path: Path) -> None:
    """A run that dies has left what had happened until then."""
    folder = RunFolder(tmp_path)
    folder.record(FaultArmed(fault="f"))

    assert "FaultArmed" in (tmp_path / "events.jsonl").read_text()


class _Unprintable:
    def __repr__(self) -> str:
        raise RuntimeError("no text")


_LOOP: list[object] = []
_LOOP.append(_LOOP)


@pytest.mark.parametrize(
    "value", [object(), b"\xff", _LOOP, _Unprintable(), {("a", "key"): 1}], ids=lambda one: type(one).__name__
)
def test_recording_never_raises_whatever_value_an_event_holds(tmp_path: Path, value: object) -> None:
    """The application would meet the error; the event is kept with the value's text."""
    folder = RunFolder(tmp_path)
    folder.record(Kept(service="s", key="k", body=value))

    assert json.loads((tmp_path / "events.jsonl").read_text())["event"] == "Kept"


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """Where the path leads through a file, the error says what to do."""
    (tmp_path / "file").write_text("")

    with pytest.raises(EnvironmentUnavailable, match=r"cannot be written: .*Choose another with --runs"):
        RunFolder(tmp_path / "file" / "run")


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """A disk that can be filled, and a known place for temporary folders."""
    disk = Disk(tmp_path)
    for name in ("open", "write_text"):
        monkeypatch.setattr(Path, name, disk.refusing(getattr(Path, name)))
    monkeypatch.setattr("tempfile.mkdtemp", disk.make_spare)
    return disk


def test_a_full_disk_loses_nothing(disk: Disk) -> None:
    """What there was moves to a temporary folder, and what comes is written there."""
    folder = RunFolder(disk.root / "run")
    folder.write_history("{}", workflow_id="w", run_id="r")
    folder.record(FaultArmed(fault="before"))
    disk.full.add(disk.root / "run")
    folder.record(RunInterrupted())
    folder.write("story.md", "told")
    lines = (disk.spare / "events.jsonl").read_text().splitlines()

    assert folder.path == disk.spare
    assert "No space left on device" in folder.moved_because
    assert str(disk.spare) in folder.moved_because
    assert [json.loads(line)["event"] for line in lines] == ["FaultArmed", "RunInterrupted"]
    assert (disk.spare / "story.md").read_text() == "told"
    assert (disk.spare / "histories" / "w" / "r.json").read_text() == "{}"


@pytest.mark.parametrize("in_its_place", [None, "a file"])
def test_a_folder_that_went_away_is_continued_elsewhere(disk: Disk, in_its_place: str | None) -> None:
    """Somebody cleaned up while the run went on: all its events are kept, also those from before."""
    folder = RunFolder(disk.root / "run")
    folder.record(FaultArmed(fault="before"))
    shutil.rmtree(disk.root / "run")
    if in_its_place:
        (disk.root / "run").write_text(in_its_place)
    folder.record(RunInterrupted())
    lines = (disk.spare / "events.jsonl").read_text().splitlines()

    assert [json.loads(line)["event"] for line in lines] == ["FaultArmed", "RunInterrupted"]


def test_when_nothing_can_be_written_the_environment_is_lost(disk: Disk) -> None:
    """The application never meets the error, and the end of the run says it rather than passing over it."""
    folder = RunFolder(disk.root / "run")
    disk.full |= {disk.root / "run", disk.spare}
    folder.record(RunInterrupted())

    with pytest.raises(EnvironmentUnavailable, match="No space left on device"):
        folder.write("story.md", "told")


def test_text_that_no_encoding_carries_is_written(tmp_path: Path) -> None:
    """Half a surrogate pair in a finding must not cost the run its story."""
    RunFolder(tmp_path).write("story.md", "half a pair: \ud83d")

    assert (tmp_path / "story.md").read_text() == "half a pair: \\ud83d"
