"""A folder of histories with an index."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from harness import UsageError
from harness.replay.histories.corpus import Corpus, entry_of, file_name, fingerprint
from harness.replay.histories.files import Known, RecordedHistory, read_file
from harness.replay.histories.folder import find
from tests.unit.replay.made_histories import activity, event, history

END = event("WORKFLOW_EXECUTION_TERMINATED")
EVENTS = history(activity(), tail=[END])
ENTRY = entry_of(EVENTS, workflow_id="shop/1", run_id="run-1", namespace="n", revision="abc")


def test_what_was_written_is_found_again(tmp_path: Path) -> None:
    """With what the index says of it."""
    corpus = Corpus(tmp_path / "corpus")
    corpus.add(EVENTS, ENTRY)
    corpus.save()
    [found] = find([tmp_path])

    assert found.known == Known(workflow_id="shop/1", run_id="run-1", namespace="n", open=False, events=6)
    [read] = read_file(found.path, found.known)
    assert isinstance(read, RecordedHistory)
    assert list(read.events) == EVENTS
    assert Corpus(tmp_path / "corpus").has("shop/1", "run-1")


def test_an_open_run_is_recorded_again(tmp_path: Path) -> None:
    """It may have gone on."""
    corpus = Corpus(tmp_path)
    corpus.add(EVENTS, replace(ENTRY, open=True))

    assert not corpus.has("shop/1", "run-1")


def test_a_file_that_is_gone_is_recorded_again(tmp_path: Path) -> None:
    """Whatever the index says."""
    corpus = Corpus(tmp_path)
    corpus.add(EVENTS, ENTRY)
    (tmp_path / file_name("shop/1", "run-1")).unlink()

    assert not corpus.has("shop/1", "run-1")


def test_the_same_history_makes_the_same_file(tmp_path: Path) -> None:
    """So that a corpus under version control changes only when its histories do."""
    for name in ("one", "two"):
        Corpus(tmp_path / name).add(EVENTS, ENTRY)
    one, two = sorted(tmp_path.glob("*/*.gz"))

    assert one.read_bytes() == two.read_bytes()


def test_a_fingerprint_is_of_the_shape() -> None:
    """Payloads make none, another activity does."""
    other_input = history(activity(given="other"), tail=[END])
    other_type = history(activity(kind="refund"), tail=[END])

    assert fingerprint(EVENTS) == fingerprint(other_input) != fingerprint(other_type)


def test_a_name_fits_every_file_system() -> None:
    """And no two long ids that begin alike share one."""
    names = {file_name("x" * 900 + end, "r" * 36) for end in "ab"}

    assert len(names) == 2
    assert max(map(len, names)) < 255
    assert "/" not in file_name("a/b", "r")


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"format": 9, "histories": {}})])
def test_an_index_that_cannot_be_read_is_a_mistake(tmp_path: Path, text: str) -> None:
    """Nothing is written over it."""
    (tmp_path / "index.json").write_text(text)

    with pytest.raises(UsageError, match=r"index\.json"):
        Corpus(tmp_path)
