"""`harness record --from-run`: what a corpus is scrubbed with, and how it is extended."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from temporalio.client import WorkflowHistory

from harness.commands.record import command
from harness.errors import UsageError
from harness.evidence.history import read_history
from harness.evidence.run_folder import RunFolder, save_index
from harness.redaction.active import install
from harness.redaction.rules import RedactRules
from tests.unit.builders import booked, evidence
from tests.unit.leaks import leaks
from tests.unit.replay.made_histories import activity, event, history, payload

SECRETS = ("hunter2-hunter2", "4111111111111111", "ada@example.com", "1234@host-of-ada")


def _runs(folder: Path, *numbers: int) -> Path:
    """Run folders, each with a history with secrets, as an earlier version of the harness wrote them."""
    for number in numbers:
        workflow_id, run_id = f"shop-{number}", f"run-{number}"
        given = {"password": SECRETS[0], "card": SECRETS[1], "email": SECRETS[2]}
        done = event("ACTIVITY_TASK_COMPLETED", scheduled_event_id=5, identity=SECRETS[3])
        done.activity_task_completed_event_attributes.result.payloads.append(payload(f"paid with {SECRETS[1]}"))
        closed = event("WORKFLOW_EXECUTION_COMPLETED")
        events = history(activity(given=given), tail=[done, closed])
        events[0].workflow_execution_started_event_attributes.workflow_id = workflow_id
        events[0].workflow_execution_started_event_attributes.original_execution_run_id = run_id
        raw = WorkflowHistory(workflow_id, events).to_json()
        run = RunFolder(folder / str(number))
        told = evidence(booked("flights"), read_history(json.loads(raw), workflow_id=workflow_id, run_id=run_id))
        run.write_history(raw, workflow_id=workflow_id, run_id=run_id)
        save_index(run, told)
    return folder


def _record(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


def _given(corpus: Path, number: int) -> Any:
    [file] = corpus.glob(f"shop-{number}~*.json.gz")
    data = json.loads(gzip.decompress(file.read_bytes()))["events"][4]["activityTaskScheduledEventAttributes"]
    return json.loads(base64.b64decode(data["input"]["payloads"][0]["data"]))


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A project of its own, with the default rules."""
    (tmp_path / "harness.toml").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    yield
    install(RedactRules())


def test_secrets_are_replaced_whether_or_not_anything_is_scrubbed(tmp_path: Path) -> None:
    """By the same rules as in run folders; identities and other fields only where that is asked for."""
    runs = _runs(tmp_path / "runs", 1)
    plain = _record(tmp_path / "plain", "--from-run", runs)
    scrubbed = _record(tmp_path / "scrubbed", "--from-run", runs, "--scrub", "field=email")

    assert (plain.exit_code, scrubbed.exit_code) == (0, 0), plain.output + scrubbed.output
    assert {one for found in leaks(tmp_path / "plain", SECRETS).values() for one in found} == set(SECRETS[2:])
    assert leaks(tmp_path / "scrubbed", SECRETS) == {}
    index = json.loads((tmp_path / "plain" / "index.json").read_text(encoding="utf-8"))
    assert [one["scrubbed"] for one in index["histories"].values()] == [["redact"]]
    assert len(index["key"]) == 16


def test_a_project_has_rules_of_its_own(tmp_path: Path) -> None:
    """`[tool.harness.redact]`."""
    (tmp_path / "harness.toml").write_text('[redact]\npatterns = ["[a-z]+@example[.]com"]\n', encoding="utf-8")
    _record(tmp_path / "corpus", "--from-run", _runs(tmp_path / "runs", 1))

    assert {one for found in leaks(tmp_path / "corpus", SECRETS).values() for one in found} == {SECRETS[3]}


def test_a_corpus_is_extended_with_its_key(tmp_path: Path) -> None:
    """Equal values stay equal; without the key that is said, and another key is refused."""
    runs, corpus, key = tmp_path / "runs", tmp_path / "corpus", tmp_path / "key"
    _record(corpus, "--from-run", _runs(runs, 1), "--scrub", "field=email", "--scrub-key", key)
    extended = _record(corpus, "--from-run", _runs(runs, 2), "--scrub", "field=email", "--scrub-key", key)
    lost = _record(corpus, "--from-run", _runs(runs, 3), "--scrub", "field=email")
    other = _record(corpus, "--from-run", runs, "--scrub", "field=email", "--scrub-key", tmp_path / "other")

    assert "its key" not in extended.output
    assert _given(corpus, 1) == _given(corpus, 2) != _given(corpus, 3)
    assert "keep its key with --scrub-key" in lost.output
    assert isinstance(other.exception, UsageError)
    assert "another key" in str(other.exception)


def test_every_corpus_has_another_key(tmp_path: Path) -> None:
    """So nothing of one says anything of the other."""
    runs = _runs(tmp_path / "runs", 1)
    for name in ("one", "other"):
        _record(tmp_path / name, "--from-run", runs, "--scrub", "all")

    assert _given(tmp_path / "one", 1) != _given(tmp_path / "other", 1)


def test_what_is_kept_all_the_same_is_said(tmp_path: Path) -> None:
    """An id is compared by a replay; a person must look at it."""
    events = history(activity("pay-4111111111111111"), tail=[event("WORKFLOW_EXECUTION_COMPLETED")])
    raw = WorkflowHistory("shop-1", events).to_json()
    run = RunFolder(tmp_path / "runs" / "1")
    run.write_history(raw, workflow_id="shop-1", run_id="run-1")
    save_index(run, evidence(booked("flights"), read_history(json.loads(raw), workflow_id="shop-1", run_id="run-1")))
    done = _record(tmp_path / "corpus", "--from-run", tmp_path / "runs")

    assert "kept for the replay, check by hand: shop-1 run-1: activity_id of event 5" in done.output
    assert "4111111111111111" not in done.output
