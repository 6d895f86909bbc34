"""Mutation testing as JUnit XML: a suite for each file, a case for each mutant."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.mutate.fate import Fate, Mutation, Tried
from harness.reports import junit
from harness.reports.junit import Case, CaseOutcome, Problem
from harness.reports.mutate.terminal import survivor


def write_junit(mutation: Mutation, path: Path) -> None:
    """Write the report: a survivor is a failure, and what was not judged an error."""
    junit.write_junit(path, name="harness mutate", cases=_cases(mutation))


def _cases(mutation: Mutation) -> Iterator[Case]:
    for tried in mutation.tried:
        problem = _problem(tried)
        yield Case(
            suite=tried.mutant.file.as_posix(),
            name=tried.mutant.name,
            seconds=tried.seconds,
            problems=() if problem is None else (problem,),
            output=f"convicted by {tried.convicted_by}: {tried.title}" if tried.fate is Fate.CONVICTED else "",
        )


def _problem(tried: Tried) -> Problem | None:
    if tried.fate is Fate.CONVICTED:
        return None
    if tried.waived:
        return Problem(outcome=CaseOutcome.SKIPPED, message=tried.waived)
    if tried.fate in {Fate.COULD_NOT_RUN, Fate.NOT_TRIED}:
        return Problem(
            outcome=CaseOutcome.SKIPPED, message=f"{tried.fate}: {tried.title}" if tried.title else tried.fate
        )
    outcome = CaseOutcome.FAILURE if tried.fate is Fate.SURVIVED else CaseOutcome.ERROR
    text = "\n".join(survivor(tried))
    return Problem(
        outcome=outcome, message=f"{tried.fate}: {tried.mutant.stands_for}", type=tried.mutant.operator, text=text
    )
