"""JUnit XML, as CI systems read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from harness import Verdict
from harness.reports.session.junit import JunitReport
from harness.results import GateDecided, Kind, Reason, RunBegan, SessionEnded
from tests.unit.builders import finding, result, session


def written(tmp_path: Path, ended: SessionEnded | GateDecided) -> ET.Element:
    """The file that is written, parsed."""
    file = tmp_path / "deep" / "junit.xml"
    JunitReport(file).notify(ended)
    return ET.parse(file).getroot()  # noqa: S314 - our own


def test_verdicts_become_outcomes(tmp_path: Path) -> None:
    """FAILED is a failure, INCONCLUSIVE an error, and a scenario that passed has neither."""
    root = written(
        tmp_path,
        session(
            result(name="saga/sound"),
            result(finding("it broke."), name="saga/broken"),
            result(finding("who knows?", verdict=Verdict.INCONCLUSIVE), name="retry/vacuous"),
        ),
    )
    cases = {f"{case.get('classname')}/{case.get('name')}": case for case in root.iter("testcase")}

    assert {suite.get("name"): suite.get("tests") for suite in root.iter("testsuite")} == {"saga": "2", "retry": "1"}
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("3", "1", "1")
    assert [child.tag for child in cases["saga/sound"] if child.tag != "system-out"] == []
    assert cases["saga/broken"].find("failure") is not None
    assert cases["retry/vacuous"].find("error") is not None


def test_every_finding_stands_in_its_case(tmp_path: Path) -> None:
    """With who found it, its title, and its detail; with the seed, the folder and the command that repeats it."""
    root = written(tmp_path, session(result(finding("one.", detail="seen"), finding("two."))))
    (case,) = root.iter("testcase")
    failures = case.findall("failure")

    assert [(one.get("message"), one.get("type")) for one in failures] == [
        ("one.", "no_orphans"),
        ("two.", "no_orphans"),
    ]
    assert "seen" in (failures[0].text or "")
    assert case.get("time") == "1.5"
    assert "repeat: harness run saga/made_up --seed 7" in (case.findtext("system-out") or "")


@pytest.mark.parametrize(
    ("ended", "tag"),
    [
        (session(result(), not_run=("saga/later",), interrupted=True), "error"),
        (session(result(), skipped={"saga/later": "there is no redis-server"}), "skipped"),
    ],
    ids=["interrupted", "left-out"],
)
def test_what_did_not_run_is_in_the_file(tmp_path: Path, ended: SessionEnded, tag: str) -> None:
    """Cut off is an error, left out is skipped; neither is simply missing."""
    root = written(tmp_path, ended)
    cases = {case.get("name"): case for case in root.iter("testcase")}

    assert cases["later"].find(tag) is not None


def test_what_a_gate_has_against_a_merge_that_no_run_tells_is_in_the_file(tmp_path: Path) -> None:
    """A case each, beside the runs; what a run tells is not told twice, and what is noted fails nothing."""
    kinds = (Kind.CORPUS, Kind.EXPLORED, Kind.UNPROVEN, Kind.INTERRUPTED, Kind.NEW)
    against = tuple(Reason(kind=kind, name="x", finding="f", what="why.") for kind in kinds)
    noted = (Reason(kind=Kind.SKIPPED, name="y", what="why."),)
    ended = session(result(finding("it broke."), name="saga/broken"))
    root = written(tmp_path, GateDecided(ended=ended, reasons=against, notes=noted, triage={}))
    suites = {suite.get("name"): suite for suite in root.iter("testsuite")}

    assert {name: suite.get("tests") for name, suite in suites.items()} == {"saga": "1", "gate": "4"}
    assert [case.get("name") for case in suites["gate"].iter("testcase")] == ["x: f"] * 4
    assert [child.tag for case in suites["gate"].iter("testcase") for child in case] == [*["failure"] * 3, "error"]


def test_nothing_is_written_before_the_end(tmp_path: Path) -> None:
    """Half a file would be taken for the whole."""
    JunitReport(tmp_path / "junit.xml").notify(RunBegan(name="saga/made_up"))

    assert list(tmp_path.iterdir()) == []


def test_the_file_is_of_the_form_that_ci_systems_read(tmp_path: Path) -> None:
    """Whatever is in it: passed, failed, inconclusive, not run, over the budget, left out."""
    doubtful = result(finding("it cannot tell.", verdict=Verdict.INCONCLUSIVE), name="saga/b")
    ended = session(
        result(name="saga/a"),
        doubtful,
        result(finding("<b>"), name="saga/c"),
        not_run=("x/a",),
        skipped={"y/a": "none"},
    )
    JunitReport(tmp_path / "junit.xml").notify(replace(ended, over_budget=("z/a",)))

    schema = xmlschema.XMLSchema(Path(__file__).parent.with_name("junit.xsd"))
    assert list(schema.iter_errors(tmp_path / "junit.xml")) == []
