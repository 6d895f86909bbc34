"""An exploration as JUnit XML: a case for each schedule, and one for each finding."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.explore.search.exploration import Exploration, SmallestFailure
from harness.reports import junit
from harness.reports.explore.story import story, timeline
from harness.reports.junit import Case, CaseOutcome, Problem
from harness.verdict import Verdict


def write_junit(exploration: Exploration, path: Path) -> None:
    """Write the report: a suite of schedules, in which one that proves nothing is an error, and one of findings."""
    junit.write_junit(path, name="harness explore", cases=_cases(exploration))


def _cases(exploration: Exploration) -> Iterator[Case]:
    for judged in exploration.judged:
        unclear = "; ".join(judged.unclear) if judged.verdict is Verdict.INCONCLUSIVE else ""
        outcome = CaseOutcome.SKIPPED if exploration.is_left_to_chance(judged) else CaseOutcome.ERROR
        yield _case(exploration, "schedules", str(judged.schedule), unclear, outcome)
    named: set[str] = set()
    for finding in exploration.findings:
        problem = _problem(finding)
        name = f"{finding.id} under {finding.schedule}" if finding.id in named else finding.id
        named.add(finding.id)
        yield Case(suite="findings", classname=exploration.target, name=name, problems=(problem,))
    for number, unclear in enumerate(exploration.unclear, start=1):
        yield _case(exploration, "findings", f"unclear {number}", unclear)


def _case(
    exploration: Exploration, suite: str, name: str, unclear: str, outcome: CaseOutcome = CaseOutcome.ERROR
) -> Case:
    problem = Problem(outcome=outcome, message=unclear, type="INCONCLUSIVE")
    return Case(suite=suite, classname=exploration.target, name=name, problems=(problem,) if unclear else ())


def _problem(finding: SmallestFailure) -> Problem:
    why = finding.waived or f"Not counted: {finding.excluded or 'seen in simulation only'}."
    if finding.waived or finding.excluded or not finding.confirmed:
        return Problem(outcome=CaseOutcome.SKIPPED, message=f"{finding.title} {why}")
    return Problem(
        outcome=CaseOutcome.of(finding.verdict),
        message=finding.title,
        type=finding.finding.oracle,
        text="\n".join([*story(finding), f"schedule: {finding.schedule}", *timeline(finding)]),
    )
