"""Which histories there are under a path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness import UsageError
from harness.replay.histories.folder import find


def put(path: Path, size: int = 2) -> Path:
    """A file of so many bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"{" * size)
    return path


def test_every_history_of_a_folder_is_found_the_largest_first(tmp_path: Path) -> None:
    """At any depth, each once, and no other files."""
    small, large = put(tmp_path / "a.json"), put(tmp_path / "deep" / "b.json.gz", 9)
    put(tmp_path / "notes.txt")

    assert [one.path for one in find([tmp_path, tmp_path / "deep", small])] == [large, small]


def test_an_index_tells_of_its_files(tmp_path: Path) -> None:
    """Also when a file is named by itself."""
    file = put(tmp_path / "a.json.gz")
    said = {"workflow_id": "w", "run_id": "r", "namespace": "n", "open": True, "events": 7}
    (tmp_path / "index.json").write_text(json.dumps({"format": 1, "histories": {"a.json.gz": said}}))

    for [one] in (find([tmp_path]), find([file])):
        assert (one.known.workflow_id, one.known.namespace, one.known.open, one.known.events) == ("w", "n", True, 7)


def test_a_run_folder_tells_of_its_histories(tmp_path: Path) -> None:
    """By the run that each is named after."""
    file = put(tmp_path / "saga" / "histories" / "trip" / "r1.json")
    order = {"histories": [{"workflow_id": "trip/1", "run_id": "r1"}]}
    (tmp_path / "saga" / "evidence.json").write_text(json.dumps(order))

    for [one] in (find([tmp_path]), find([file])):
        assert (one.known.workflow_id, one.known.open) == ("trip/1", True)


def test_the_events_of_a_run_folder_are_no_histories(tmp_path: Path) -> None:
    """A file of that name elsewhere may hold some."""
    for folder in ("run", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "events.jsonl").write_text("{}\n")
    (tmp_path / "run" / "evidence.json").write_text("{}")

    assert [one.path for one in find([tmp_path])] == [tmp_path / "other" / "events.jsonl"]


def test_nobody_knows_whether_a_lonely_file_is_open(tmp_path: Path) -> None:
    """Unless somebody says so."""
    file = put(tmp_path / "a.json")

    assert find([file])[0].known.open is None
    assert find([file], assume_open=True)[0].known.open is True


def test_a_path_without_a_history_is_a_mistake(tmp_path: Path) -> None:
    """All of them at once: a gate that replays nothing holds nothing back."""
    with pytest.raises(UsageError) as told:
        find([tmp_path, tmp_path / "nowhere"])

    assert len(told.value.problems) == 2


def test_a_damaged_index_is_a_mistake(tmp_path: Path) -> None:
    """Nothing would be known of its files."""
    put(tmp_path / "a.json")
    put(tmp_path / "index.json")

    with pytest.raises(UsageError, match=r"index\.json cannot be read"):
        find([tmp_path])
