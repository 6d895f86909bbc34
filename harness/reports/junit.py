"""JUnit XML, as CI systems read it: one writer for sessions, replays and explorations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from harness.files.atomic_file import whole_file
from harness.reports.text import DETAIL, cut, one_line
from harness.verdict import Verdict


class CaseOutcome(Enum):
    """What JUnit knows beside a pass."""

    FAILURE = Failure
    ERROR = Error
    SKIPPED = Skipped

    @classmethod
    def of(cls, verdict: Verdict) -> CaseOutcome:
        """FAILED is a failure, INCONCLUSIVE an error."""
        return cls.FAILURE if verdict is Verdict.FAILED else cls.ERROR


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why a case did not pass.

    Attributes:
        outcome: How JUnit calls it.
        message: One sentence.
        type: The oracle or rule that found it.
        text: Everything else.
    """

    outcome: CaseOutcome
    message: str
    type: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One test case.

    Attributes:
        suite: The suite that it belongs to.
        name: Its name within the suite.
        classname: What CI systems group it by; the suite's name when empty.
        seconds: How long it took, where that is known.
        problems: None for a pass.
        output: What to show beside it.
    """

    suite: str
    name: str
    classname: str = ""
    seconds: float | None = None
    problems: tuple[Problem, ...] = ()
    output: str = ""


def write_junit(path: Path, *, name: str, cases: Iterable[Case]) -> None:
    """Write a well-formed file: a suite for each name in `Case.suite`."""
    suites: dict[str, TestSuite] = {}
    for case in cases:
        suites.setdefault(case.suite, TestSuite(one_line(case.suite))).add_testcase(_element(case))
    xml = JUnitXml(name=name)
    for suite in suites.values():
        xml.add_testsuite(suite)
    xml.update_statistics()  # type: ignore[no-untyped-call]  # junitparser is typed in part
    with whole_file(path) as beside:
        xml.write(str(beside), pretty=True)


def _element(case: Case) -> TestCase:
    element = TestCase(name=one_line(case.name), classname=one_line(case.classname or case.suite), time=case.seconds)
    results = []
    for problem in case.problems:
        result = problem.outcome.value(one_line(problem.message), one_line(problem.type))
        if problem.text:
            result.text = cut(problem.text, DETAIL)
        results.append(result)
    element.result = results
    if case.output:
        element.system_out = cut(case.output, DETAIL)
    return element
