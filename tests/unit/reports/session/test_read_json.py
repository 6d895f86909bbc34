"""A session is read again from its folder, wherever that is now, and several are put together."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.evidence.history import History
from harness.evidence.run_folder import RunFolder, save_index
from harness.files.places import Place
from harness.reports.session.json import JsonReport
from harness.reports.session.read_json import load_session, load_sessions, merged, reasons_beside_the_runs
from harness.results import GateDecided, Kind, Reason, Result, SessionEnded
from harness.verdict import Finding, Harm
from tests.unit.builders import START, evidence, finding, received, result, session


def stored(folder: Path, *results: Result, started: timedelta = timedelta(0)) -> SessionEnded:
    """Leave a session in a folder, as one that has ended does."""
    kept = []
    for one in results:
        run = RunFolder(folder / one.name)
        for event in one.evidence.events:
            run.record(event)
        save_index(run, one.evidence)
        kept.append(replace(one, folder=run.path))
    ended = session(*kept)
    ended = replace(ended, started=replace(ended.started, folder=folder, at=START + started))
    JsonReport(folder / "report.json").notify(ended)
    return ended


def run_of(name: str, *, red: bool = False) -> Result:
    """A run without a history."""
    found = [finding("A booking stands.", detail="two lines\nof it")] if red else []
    return result(*found, name=name, of=evidence(received("flights.book"), name=name))


def test_a_session_is_read_again(tmp_path: Path) -> None:
    """Verdicts, findings and evidence, as they were told."""
    told = stored(tmp_path / "s", run_of("saga/a"), run_of("saga/b", red=True))
    read = load_session(tmp_path / "s")

    assert read == told
    assert read.results[0].evidence.events == told.results[0].evidence.events
    assert isinstance(read.results[0].evidence.histories, tuple)
    assert not any(isinstance(one, History) for one in read.results[0].evidence.histories)


def test_a_folder_may_have_been_moved(tmp_path: Path) -> None:
    """A CI job's artifact is unpacked elsewhere."""
    stored(tmp_path / "there", run_of("saga/a"))
    shutil.move(tmp_path / "there", tmp_path / "here")
    read = load_session(tmp_path / "here")

    assert read.results[0].folder == tmp_path / "here" / "saga" / "a"


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """No session, another version, damaged, a run that is gone: each with its folder, all at once."""
    for name in ("old", "damaged", "gone"):
        stored(tmp_path / name, run_of("saga/a"))
    old = json.loads((tmp_path / "old" / "report.json").read_text(encoding="utf-8")) | {"format": 0}
    (tmp_path / "old" / "report.json").write_text(json.dumps(old), encoding="utf-8")
    (tmp_path / "damaged" / "report.json").write_text('{"format": 2', encoding="utf-8")
    shutil.rmtree(tmp_path / "gone" / "saga")
    with pytest.raises(UsageError) as refused:
        load_sessions([tmp_path / name for name in ("none", "old", "damaged", "gone")])

    none, version, damaged, gone = refused.value.problems
    assert "none is no session's folder: it has no report.json" in none
    assert "report.json has format 0, of another version of the harness; this one reads format 2. Run the" in version
    assert "cannot be read" in damaged
    assert f"{Path('gone/saga/a')} is not a run folder" in gone


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"format": 3},
            "has format 3, of a newer version of the harness; this one reads format 2. Upgrade the harness.",
        ),
        ({"format": 1}, "has format 1, of another version of the harness; this one reads format 2. Run the session"),
        ({"format": None}, "has no format, of another version"),
        ({"format": "two"}, "has format 'two', of another version"),
        ({"runs": [{"name": "x"}]}, "cannot be read: KeyError('folder')."),
        ({"runs": 5}, "cannot be read: TypeError("),
        ({"skipped": []}, ""),
    ],
)
def test_a_report_of_another_version_is_one_sentence(tmp_path: Path, change: dict[str, object], told: str) -> None:
    """It names the file, the version and what to do; a field that nobody reads does no harm."""
    stored(tmp_path, run_of("saga/a"))
    file = tmp_path / "report.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | change), encoding="utf-8")

    if not told:
        assert load_session(tmp_path).results
        return
    with pytest.raises(UsageError) as refused:
        load_session(tmp_path)
    (problem,) = refused.value.problems
    assert problem.startswith(f"{file} {told}")


@pytest.mark.parametrize("gate", [{"reasons": [{"kind": "of the future"}]}, {"reasons": 5}, []])
def test_a_gate_of_another_version_is_one_sentence(tmp_path: Path, gate: object) -> None:
    """With the file."""
    stored(tmp_path, run_of("saga/a"))
    file = tmp_path / "report.json"
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | {"gate": gate}), encoding="utf-8")

    with pytest.raises(UsageError, match=r"^the gate's reasons in .*report\.json cannot be read: "):
        reasons_beside_the_runs([tmp_path])


def test_shards_become_one(tmp_path: Path) -> None:
    """From the first beginning to the last end; the same folder twice is one."""
    stored(tmp_path / "2", run_of("saga/b"), started=timedelta(minutes=1))
    stored(tmp_path / "1", run_of("saga/c"), run_of("saga/a", red=True))
    whole = load_sessions([tmp_path / "2", tmp_path / "1", tmp_path / "2"])

    assert [one.name for one in whole.results] == ["saga/a", "saga/b", "saga/c"]
    assert whole.started.at == START
    assert whole.took == timedelta(minutes=1, seconds=2)


def test_what_another_shard_ran_has_been_run() -> None:
    """And what none of them ran has not."""
    first = session(run_of("saga/a"), not_run=("saga/b", "saga/c"), skipped={"stock/a": "no redis"}, interrupted=True)
    whole = merged([first, session(run_of("saga/b"), run_of("stock/a"))])

    assert whole.not_run == ("saga/c",)
    assert not whole.skipped
    assert whole.interrupted


def test_what_a_gate_said_beside_its_runs_is_told_again(tmp_path: Path) -> None:
    """Of a corpus, of what was explored and of what was not, once; what the runs tell is not taken from there."""
    kinds = (Kind.CORPUS, Kind.EXPLORED, Kind.INTERRUPTED, Kind.NEW)
    of_session = Reason(kind=Kind.INTERRUPTED, what="the session was ended from outside.")
    found = Finding(oracle="conserved", title="It is gone.", harm=Harm.EFFECTS, subject="charge", detail="seen")
    about = partial(Reason, name="x", finding="f", what="why.", found=found, place=Place(path="shop.py", line=3))
    against = (*(about(kind=kind) for kind in kinds), of_session)
    for name in ("s1", "s2"):
        ended = stored(tmp_path / name, run_of("saga/a"))
        decided = GateDecided(ended=ended, reasons=against, notes=(), triage={})
        JsonReport(tmp_path / name / "report.json").notify(decided)
    stored(tmp_path / "no-gate", run_of("saga/b"))

    told = reasons_beside_the_runs([tmp_path / "s1", tmp_path / "s2", tmp_path / "no-gate"])

    assert told == list(against[:3])
