"""The baseline of explorations: findings that are waived, and the JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from junitparser import JUnitXml

from harness.gate.baseline import Waiver, waive_exploration, with_waivers
from harness.reports.explore.junit import write_junit
from harness.verdict import Verdict
from tests.unit.reports.explore.test_explore import FINDING, exploration

ID = "undone_on_failure(charge, refund)|charge"
TODAY = date(2026, 5, 1)


def waiver(finding: str = ID, *, scenario: str = "shop", ends: int = 1) -> Waiver:
    """A waiver that ends so many days from today."""
    expires = TODAY + timedelta(days=ends)
    return Waiver(scenario=scenario, finding=finding, reason="the nightly job finds it", owner="Ada", expires=expires)


def test_what_is_waived_fails_nothing() -> None:
    """It is still reported, with the reason."""
    accepted = with_waivers(exploration(judged=()), [waiver()], today=TODAY)

    assert "the nightly job finds it (owner: Ada)" in accepted.findings[0].waived
    assert accepted.findings[0].verdict is Verdict.PASSED


def test_a_waiver_covers_a_mistake_at_every_call() -> None:
    """They have one id."""
    several = exploration(judged=(), findings=(FINDING, replace(FINDING, same_as=FINDING.schedule)))
    accepted = with_waivers(several, [waiver()], today=TODAY)

    assert [bool(one.waived) for one in accepted.findings] == [True, True]
    assert accepted.notes == ()


def test_a_waiver_that_has_expired_or_is_another_target_s_has_no_effect() -> None:
    """The first is reported."""
    expired = with_waivers(exploration(), [waiver(ends=-1)], today=TODAY)
    other = with_waivers(exploration(), [waiver(scenario="bank")], today=TODAY)

    assert [one.verdict for one in (expired, other)] == [Verdict.FAILED] * 2
    assert "Waiver expired on 2026-04-30 (the nightly job finds it); owner: Ada." in expired.notes[0]
    assert other.notes == ()


def test_a_waiver_whose_finding_is_gone_is_reported() -> None:
    """So that the baseline does not outlive the mistake."""
    assert "'gone'" in with_waivers(exploration(), [waiver("gone")], today=TODAY).notes[0]


def test_all_current_findings_can_be_waived() -> None:
    """What is known stays, what is gone goes, what is new has no owner yet."""
    others = [waiver("gone"), waiver("theirs", scenario="bank")]
    written = waive_exploration(exploration(), others, today=TODAY)

    assert [(one.scenario, one.finding) for one in written] == [("bank", "theirs"), ("shop", ID)]
    assert waive_exploration(with_waivers(exploration(), [waiver()], today=TODAY), [waiver()], today=TODAY) == [
        waiver()
    ]


def test_junit_has_a_case_for_each_schedule_and_each_finding(tmp_path: Path) -> None:
    """A finding is a failure, what proves nothing an error, what is waived is skipped."""
    write_junit(exploration(), tmp_path / "junit.xml")
    write_junit(with_waivers(exploration(), [waiver()], today=TODAY), tmp_path / "accepted.xml")

    xml = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (xml.tests, xml.failures, xml.errors) == (4, 1, 1)
    assert JUnitXml.fromfile(str(tmp_path / "accepted.xml")).skipped == 1
    assert ID in [case.name for suite in xml for case in suite]
