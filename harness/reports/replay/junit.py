"""A replay session as JUnit XML: a suite for each workflow type, a case for each history."""

from __future__ import annotations

from pathlib import Path

from harness.replay.verdicts.judgement import Judgement
from harness.replay.verdicts.summary import Summary
from harness.reports.junit import Case, CaseOutcome, Problem, write_junit
from harness.reports.replay.terminal import account
from harness.verdict import Verdict


def write(summary: Summary, path: Path) -> None:
    """Write the file: what does not replay is a failure, what cannot be judged an error."""
    cases = (_case(one, summary.policy.verdict(one)) for one in summary.judgements)
    write_junit(path, name="harness replay", cases=cases)


def _case(judgement: Judgement, verdict: Verdict) -> Case:
    text = "\n".join(account(judgement))
    problem = Problem(
        outcome=CaseOutcome.of(verdict),
        message=judgement.title,
        type=str(judgement.reason or judgement.outcome),
        text=text,
    )
    return Case(
        suite=judgement.workflow or "unknown",
        name=judgement.file,
        seconds=judgement.seconds,
        problems=() if verdict is Verdict.PASSED else (problem,),
        output=text if verdict is Verdict.PASSED else "",
    )
