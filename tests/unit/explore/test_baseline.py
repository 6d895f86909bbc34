"""Findings that are accepted for now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from junitparser import JUnitXml

from harness.errors import UsageError
from harness.explore.baseline import accept, read_baseline, write_baseline
from harness.explore.reports.junit import write_junit
from harness.verdict import Verdict
from tests.unit.explore.test_reports import exploration

ID = "undone_on_failure(charge, refund)|charge"


def test_what_is_accepted_fails_nothing() -> None:
    """It is still told of, with the reason."""
    found = exploration(judged=())

    assert found.verdict is Verdict.FAILED
    accepted = accept(found, {ID: "until May"})
    assert accepted.findings[0].accepted == "until May"
    assert accepted.findings[0].verdict is Verdict.PASSED


def test_what_is_accepted_and_gone_is_told() -> None:
    """So that the baseline does not outlive the mistake."""
    assert "'gone'" in accept(exploration(), {"gone": "until May"}).notes[0]


def test_a_baseline_is_written_with_reasons_to_give(tmp_path: Path) -> None:
    """And is refused until they are given."""
    path = tmp_path / "baseline.json"

    assert write_baseline(exploration(), path, {}) == 1
    with pytest.raises(UsageError, match="gives no reason"):
        read_baseline(path)


def test_reasons_that_are_known_stay(tmp_path: Path) -> None:
    """What is written can be read."""
    path = tmp_path / "baseline.json"

    assert write_baseline(exploration(), path, {ID: "until May"}) == 0
    assert read_baseline(path) == {ID: "until May"}


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2, "accepted": {}}', '{"format": 1, "accepted": []}'])
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    """With what it needs."""
    path = tmp_path / "baseline.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match="baseline"):
        read_baseline(path)


def test_a_baseline_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A misspelt path must not accept nothing in silence."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_baseline(tmp_path / "nothing.json")


def test_junit_has_a_case_for_each_schedule_and_each_promise(tmp_path: Path) -> None:
    """A broken promise is a failure, what proves nothing an error, what is accepted is skipped."""
    write_junit(exploration(), tmp_path / "junit.xml")
    write_junit(accept(exploration(), {ID: "until May"}), tmp_path / "accepted.xml")

    xml = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (xml.tests, xml.failures, xml.errors) == (4, 1, 1)
    assert JUnitXml.fromfile(str(tmp_path / "accepted.xml")).skipped == 1
    assert json.dumps(ID) in json.dumps([case.name for suite in xml for case in suite])
