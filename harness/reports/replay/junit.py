"""A replay session as JUnit XML: a suite for each workflow type, a case for each history."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, TestCase, TestSuite

from harness.replay.verdicts.judgement import Judgement
from harness.replay.verdicts.summary import Summary
from harness.reports.replay.terminal import account
from harness.reports.session.junit import UNWRITABLE
from harness.verdict import Verdict


def write(summary: Summary, path: Path) -> None:
    """Write the file: what does not replay is a failure, what cannot be judged an error."""
    suites: dict[str, TestSuite] = {}
    for one in summary.judgements:
        name = one.workflow or "unknown"
        suites.setdefault(name, TestSuite(name)).add_testcase(_case(one, summary.policy.verdict(one)))
    xml = JUnitXml(name="harness replay")
    for suite in suites.values():
        xml.add_testsuite(suite)
    path.parent.mkdir(parents=True, exist_ok=True)
    xml.update_statistics()  # type: ignore[no-untyped-call]  # junitparser is typed in part
    xml.write(str(path), pretty=True)


def _case(judgement: Judgement, verdict: Verdict) -> TestCase:
    case = TestCase(name=judgement.file, classname=judgement.workflow or "unknown", time=judgement.seconds)
    told = "\n".join(account(judgement)).translate(UNWRITABLE)
    if verdict is Verdict.PASSED:
        case.system_out = told
        return case
    kind = Failure if verdict is Verdict.FAILED else Error
    one = kind(judgement.title.translate(UNWRITABLE), str(judgement.reason or judgement.outcome))
    one.text = told
    case.result = [one]
    return case
