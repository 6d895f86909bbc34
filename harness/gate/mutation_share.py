"""Decides whether enough mutants were convicted, from the reports of `harness mutate`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from harness.errors import UsageError
from harness.reports.text import plural
from harness.results import Kind, Mutants, Reason, Survivor
from harness.verdict import Verdict

FORMAT = 1
"""The form of the reports, as `harness.reports.mutate.json` writes it."""

CONVICTED = "convicted"
NOT_TRIED = "not tried"
JUDGED = frozenset({CONVICTED, "only inconclusive", "survived", "hung"})
"""The outcomes that count, in the words of the report."""

SHOWN = tuple(one.name for one in fields(Survivor))
"""What a report says of each mutant that the gate passes on."""


def mutants_in(files: Sequence[Path]) -> Mutants | None:
    """Return what became of the mutants in JSON reports of `harness mutate`; None without a report.

    A mutant in several reports counts as in the last of them.

    Raises:
        UsageError: A file is no such report; every problem at once.
    """
    if not files:
        return None
    mutants: dict[tuple[str, str], tuple[Survivor, bool]] = {}
    problems: list[str] = []
    for file in files:
        try:
            read = _read(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError) as error:
            problems.append(
                f"{file} is no report of mutants that can be read ({error!r}); name a file that "
                "`harness mutate --json` has written."
            )
        else:
            mutants |= {(one.file, one.name): (one, accepted) for one, accepted in read}
    if problems:
        raise UsageError(*problems)
    return _counted(one for one, accepted in mutants.values() if not accepted)


def _read(report: dict[str, Any]) -> list[tuple[Survivor, bool]]:
    """Return the mutants of a report, each with whether it is accepted."""
    if report["format"] != FORMAT:
        raise ValueError(f"its format is {report['format']!r}, expected {FORMAT}")
    return [(Survivor(**{name: one[name] for name in SHOWN}), bool(one["waived"])) for one in report["mutants"]]


def _counted(mutants: Iterable[Survivor]) -> Mutants:
    by_fate: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    convicted: Counter[str] = Counter()
    survivors = []
    for one in mutants:
        by_fate[one.fate] += 1
        judged[one.file] += one.fate in JUDGED
        convicted[one.file] += one.fate == CONVICTED
        if one.fate in JUDGED - {CONVICTED}:
            survivors.append(one)
    return Mutants(
        convicted=convicted.total(),
        judged=judged.total(),
        untried=by_fate[NOT_TRIED],
        files={file: (convicted[file], judged[file]) for file in sorted(judged)},
        survivors=tuple(survivors),
    )


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
