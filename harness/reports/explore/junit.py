"""An exploration as JUnit XML: a case for each call, and one for each broken promise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.explore.search.exploration import BrokenPromise, Exploration
from harness.explore.search.story import story, timeline
from harness.reports import junit
from harness.reports.junit import Case, Outcome, Problem
from harness.verdict import Verdict


def write_junit(exploration: Exploration, path: Path) -> None:
    """Write the report: a suite of schedules, in which one that proves nothing is an error, and one of promises."""
    junit.write_junit(path, name="harness explore", cases=_cases(exploration))


def _cases(exploration: Exploration) -> Iterator[Case]:
    for judged in exploration.judged:
        unclear = "; ".join(judged.unclear) if judged.verdict is Verdict.INCONCLUSIVE else ""
        yield _case(exploration, "schedules", str(judged.schedule), unclear)
    for finding in exploration.findings:
        problem = _problem(finding)
        yield Case(suite="promises", classname=exploration.target, name=finding.id, problems=(problem,))
    for number, unclear in enumerate(exploration.unclear, start=1):
        yield _case(exploration, "promises", f"unclear {number}", unclear)


def _case(exploration: Exploration, suite: str, name: str, unclear: str) -> Case:
    problem = Problem(outcome=Outcome.ERROR, message=unclear, type="INCONCLUSIVE")
    return Case(suite=suite, classname=exploration.target, name=name, problems=(problem,) if unclear else ())


def _problem(finding: BrokenPromise) -> Problem:
    title = finding.broken.breach.what
    if finding.apart or finding.accepted:
        return Problem(outcome=Outcome.SKIPPED, message=f"{finding.accepted or 'told apart'}: {title}")
    return Problem(
        outcome=Outcome.of(finding.verdict),
        message=title,
        type=finding.broken.invariant.name,
        text="\n".join([*story(finding), f"schedule: {finding.schedule}", *timeline(finding)]),
    )
