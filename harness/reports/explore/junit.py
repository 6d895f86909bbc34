"""An exploration as JUnit XML: a case for each call, and one for each broken promise."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from harness.explore.search.exploration import BrokenPromise, Exploration
from harness.explore.search.story import story, timeline
from harness.verdict import Verdict


def write_junit(exploration: Exploration, path: Path) -> None:
    """Write the report: a suite of schedules, in which one that proves nothing is an error, and one of promises."""
    schedules = TestSuite("schedules")
    for judged in exploration.judged:
        case = TestCase(name=str(judged.schedule), classname=exploration.target)
        if judged.verdict is Verdict.INCONCLUSIVE:
            case.result = [Error("; ".join(judged.unclear), "INCONCLUSIVE")]
        schedules.add_testcase(case)
    promises = TestSuite("promises")
    for finding in exploration.findings:
        promises.add_testcase(_case(finding, exploration.target))
    for number, problem in enumerate(exploration.unclear, start=1):
        case = TestCase(name=f"unclear {number}", classname=exploration.target)
        case.result = [Error(problem, "INCONCLUSIVE")]
        promises.add_testcase(case)
    xml = JUnitXml(name="harness explore")
    xml.add_testsuite(schedules)
    xml.add_testsuite(promises)
    path.parent.mkdir(parents=True, exist_ok=True)
    xml.update_statistics()  # type: ignore[no-untyped-call]  # junitparser is typed in part
    xml.write(str(path), pretty=True)


def _case(finding: BrokenPromise, target: str) -> TestCase:
    case = TestCase(name=finding.id, classname=target)
    title = finding.broken.breach.what
    if finding.apart or finding.accepted:
        case.result = [Skipped(f"{finding.accepted or 'told apart'}: {title}")]
    else:
        problem = (Failure if finding.verdict is Verdict.FAILED else Error)(title, finding.broken.invariant.name)
        problem.text = "\n".join([*story(finding), f"schedule: {finding.schedule}", *timeline(finding)])
        case.result = [problem]
    return case
