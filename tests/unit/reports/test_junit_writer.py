"""JUnit XML for sessions, replays and explorations."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from harness import Verdict
from harness.reports.junit import Case, CaseOutcome, Problem, write_junit

HOSTILE = '</testcase>]]> <b attr="x"> & \x00\x01\x07\x1b[31m \ud800 \ufffe \N{PILE OF POO}\nsecond line'
SHOWN = '</testcase>]]> <b attr="x"> & \\x00\\x01\\x07\\x1b[31m \\ud800 \\ufffe \N{PILE OF POO}'


def written(path: Path, *cases: Case) -> ET.Element:
    """The file that is written, parsed, after a check of its form."""
    write_junit(path, name="harness", cases=cases)
    schema = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))
    assert list(schema.iter_errors(path)) == []
    return ET.parse(path).getroot()  # noqa: S314 - our own


def problem(outcome: CaseOutcome, *, text: str = "") -> Problem:
    """A problem with hostile texts."""
    return Problem(outcome=outcome, message=HOSTILE, type=HOSTILE, text=text)


def test_hostile_text_in_every_place_gives_a_file_that_parses(tmp_path: Path) -> None:
    """Control characters and half surrogate pairs are shown as escapes; everything else is there as it was."""
    problems = tuple(problem(outcome, text=HOSTILE) for outcome in (CaseOutcome.FAILURE, CaseOutcome.ERROR))
    case = Case(suite=HOSTILE, classname=HOSTILE, name=HOSTILE, problems=problems, output=HOSTILE)

    root = written(tmp_path / "deep" / "junit.xml", case)

    (failure,) = root.iter("failure")
    assert failure.get("message") == f"{SHOWN} second line"
    assert failure.text == f"{SHOWN}\nsecond line"


def test_cases_are_counted_by_suite_and_outcome(tmp_path: Path) -> None:
    """A suite for each name, in the order in which they come."""
    root = written(
        tmp_path / "junit.xml",
        Case(suite="a", name="passed", seconds=1.5),
        Case(suite="b", name="failed", problems=(problem(CaseOutcome.FAILURE),)),
        Case(suite="a", name="errors", problems=(problem(CaseOutcome.ERROR),)),
        Case(suite="a", name="skipped", problems=(problem(CaseOutcome.SKIPPED),)),
    )

    assert {suite.get("name"): suite.get("tests") for suite in root.iter("testsuite")} == {"a": "3", "b": "1"}
    assert [root.get(one) for one in ("tests", "failures", "errors", "skipped")] == ["4", "1", "1", "1"]
    assert next((case.get("classname"), case.get("name")) for case in root.iter("testcase")) == ("a", "passed")


def test_long_texts_are_cut(tmp_path: Path) -> None:
    """A history of a megabyte in a finding's detail does not make the file unusable."""
    many = "x" * 1_000_000
    problems = (Problem(outcome=CaseOutcome.FAILURE, message=many, text=many),)

    written(tmp_path / "junit.xml", Case(suite="a", name="b", problems=problems, output=many))

    assert (tmp_path / "junit.xml").stat().st_size < 50_000


@pytest.mark.parametrize(
    ("verdict", "outcome"), [(Verdict.FAILED, CaseOutcome.FAILURE), (Verdict.INCONCLUSIVE, CaseOutcome.ERROR)]
)
def test_a_verdict_that_is_not_passed_has_an_outcome(verdict: Verdict, outcome: CaseOutcome) -> None:
    """CI systems count both."""
    assert CaseOutcome.of(verdict) is outcome
