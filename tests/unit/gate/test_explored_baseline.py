"""Findings that are borne for now, and the JUnit XML."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from junitparser import JUnitXml

from harness.gate.baseline import Waiver
from harness.gate.explored_baseline import accept, waive_all
from harness.reports.explore.junit import write_junit
from harness.verdict import Verdict
from tests.unit.reports.explore.test_explore import exploration

ID = "undone_on_failure(charge, refund)|charge"
TODAY = date(2026, 5, 1)


def waiver(finding: str = ID, *, scenario: str = "shop", ends: int = 1) -> Waiver:
    """A waiver that ends so many days from today."""
    expires = TODAY + timedelta(days=ends)
    return Waiver(scenario=scenario, finding=finding, reason="the nightly job finds it", owner="Ada", expires=expires)


def test_what_is_borne_fails_nothing() -> None:
    """It is still told of, with the reason."""
    accepted = accept(exploration(judged=()), [waiver()], today=TODAY)

    assert "the nightly job finds it (Ada)" in accepted.findings[0].accepted
    assert accepted.findings[0].verdict is Verdict.PASSED


def test_what_has_expired_or_is_another_target_s_bears_nothing() -> None:
    """The first is told of."""
    expired = accept(exploration(), [waiver(ends=-1)], today=TODAY)
    other = accept(exploration(), [waiver(scenario="bank")], today=TODAY)

    assert [one.verdict for one in (expired, other)] == [Verdict.FAILED] * 2
    assert "Ada was to see to it" in expired.notes[0]
    assert other.notes == ()


def test_what_is_borne_and_gone_is_told() -> None:
    """So that the baseline does not outlive the mistake."""
    assert "'gone'" in accept(exploration(), [waiver("gone")], today=TODAY).notes[0]


def test_everything_found_can_be_borne_from_now_on() -> None:
    """What is known stays, what is gone goes, what is new waits for somebody to see to it."""
    others = [waiver("gone"), waiver("theirs", scenario="bank")]
    written = waive_all(exploration(), others, today=TODAY)

    assert [(one.scenario, one.finding) for one in written] == [("bank", "theirs"), ("shop", ID)]
    assert waive_all(accept(exploration(), [waiver()], today=TODAY), [waiver()], today=TODAY) == [waiver()]


def test_junit_has_a_case_for_each_schedule_and_each_promise(tmp_path: Path) -> None:
    """A broken promise is a failure, what proves nothing an error, what is accepted is skipped."""
    write_junit(exploration(), tmp_path / "junit.xml")
    write_junit(accept(exploration(), [waiver()], today=TODAY), tmp_path / "accepted.xml")

    xml = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (xml.tests, xml.failures, xml.errors) == (4, 1, 1)
    assert JUnitXml.fromfile(str(tmp_path / "accepted.xml")).skipped == 1
    assert ID in [case.name for suite in xml for case in suite]
