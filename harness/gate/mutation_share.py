"""Decides whether enough mutants were convicted, from the reports of `harness mutate`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from harness.errors import UsageError
from harness.reports.text import plural
from harness.results import Kind, Reason
from harness.verdict import Verdict

FORMAT = 1
"""The form of the reports, as `harness.reports.mutate.json` writes it."""

CONVICTED = "convicted"
NOT_TRIED = "not tried"
JUDGED = frozenset({CONVICTED, "only inconclusive", "survived", "hung"})
"""The outcomes that count, in the words of the report."""


@dataclass(frozen=True, kw_only=True)
class Mutants:
    """What became of all mutants of some reports.

    Attributes:
        convicted: How many a scenario failed for.
        judged: How many count: neither accepted, nor without a run.
        untried: How many were not tried.
    """

    convicted: int = 0
    judged: int = 0
    untried: int = 0

    @property
    def said(self) -> str:
        """The share in words."""
        return f"{self.convicted} of {plural(self.judged, 'mutant')} were convicted"


def mutants_in(files: Sequence[Path]) -> Mutants | None:
    """Return what became of the mutants in JSON reports of `harness mutate`; None without a report.

    A mutant in several reports counts as in the last of them.

    Raises:
        UsageError: A file is no such report; every problem at once.
    """
    if not files:
        return None
    mutants: dict[tuple[str, str], tuple[str, bool]] = {}
    problems: list[str] = []
    for file in files:
        try:
            mutants |= _read(file)
        except (OSError, ValueError, KeyError, TypeError) as error:
            problems.append(
                f"{file} is no report of mutants that can be read ({error!r}); name a file that "
                "`harness mutate --json` has written."
            )
    if problems:
        raise UsageError(*problems)
    fates = Counter(fate for fate, waived in mutants.values() if not waived)
    return Mutants(convicted=fates[CONVICTED], judged=sum(fates[fate] for fate in JUDGED), untried=fates[NOT_TRIED])


def _read(file: Path) -> dict[tuple[str, str], tuple[str, bool]]:
    """Return the outcome of each mutant of a report, and whether it is accepted, by its file and name."""
    report = json.loads(file.read_text(encoding="utf-8"))
    if report["format"] != FORMAT:
        raise ValueError(f"its format is {report['format']!r}, expected {FORMAT}")
    return {(one["file"], one["name"]): (one["fate"], bool(one["waived"])) for one in report["mutants"]}


def of_mutants(mutants: Mutants | None, *, share: float | None) -> Iterator[Reason]:
    """Yield why the share of convicted mutants holds a merge back, or what is to be known of it.

    Args:
        mutants: What became of them; None if no report was handed over.
        share: What the policy demands; None for nothing.
    """
    if share is None:
        return
    demanded = f"{share:.0%} must be ([tool.harness.mutation] share)"
    if mutants is None:
        what = f"no mutants were judged, and {demanded}; name a report of `harness mutate --json` with --mutation."
        yield Reason(kind=Kind.NOT_JUDGED, what=what)
    elif mutants.judged and mutants.convicted < share * mutants.judged:
        yield Reason(kind=Kind.MUTATION, what=f"{mutants.said}, {demanded}.", verdict=Verdict.FAILED)
    elif mutants.untried or not mutants.judged:
        untried = plural(mutants.untried, "mutant")
        what = f"{mutants.said}, and {untried} not tried; run `harness mutate` again without a budget."
        yield Reason(kind=Kind.MUTATION, what=what)
