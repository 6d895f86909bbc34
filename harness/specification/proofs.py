"""Finds the proofs of claims: scenarios that name them, tests marked with them, and their last verdicts."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.catalog import Catalog
from harness.errors import UsageError
from harness.settings import Settings
from harness.specification.claims import Proof, Specification, load_topics
from harness.verdict import Verdict, worst

KEPT = "claims.json"
"""The file beside pytest's run folders in which the plugin saves the verdicts of marked tests."""


def load_specification(root: Path, settings: Settings, catalog: Catalog, *, runs: Path) -> Specification:
    """Return the claims of a project with their proofs.

    Args:
        root: The project's root.
        settings: The folders of its claims and tests.
        catalog: Its scenarios.
        runs: The folder of the run folders, for the last verdicts.

    Raises:
        UsageError: A file of claims is invalid, or a test's mark cannot be read; every problem at once.
    """
    topics = load_topics([root / folder for folder in settings.claims])
    if not topics:
        raise UsageError(
            f"no claims in {', '.join(settings.claims)}; set the folders of claims with `claims` in [tool.harness]."
        )
    last = _last_verdicts(runs)
    scenarios = [
        Proof(
            name=entry.name,
            claims=tuple(entry.scenario.claims),
            path=entry.path.relative_to(root),
            verdicts=dict.fromkeys(entry.scenario.claims, last[entry.name]) if entry.name in last else {},
        )
        for entry in catalog.entries.values()
        if entry.scenario.claims
    ]
    proofs = [*scenarios, *_tests(root, settings, _kept(runs / "pytest" / KEPT))]
    return Specification(topics=topics, proofs=tuple(sorted(proofs, key=lambda proof: proof.name)))


def _last_verdicts(runs: Path) -> dict[str, Verdict]:
    """By scenario, the verdict of its last session; the worst if it ran several times there."""
    reports = []
    for file in runs.glob("*/report.json"):
        try:
            reports.append(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):  # a truncated report has no verdicts; the others do
            continue
    last: dict[str, Verdict] = {}
    for report in sorted(reports, key=lambda one: datetime.fromisoformat(one["started_at"])):
        session: dict[str, list[Verdict]] = {}
        for run in report["runs"]:
            session.setdefault(run["name"], []).append(Verdict[run["verdict"]])
        last |= {name: worst(verdicts) for name, verdicts in session.items()}
    return last


VerdictNames = dict[str, dict[str, str]]
"""By test and by claim, the name of a verdict."""


def keep_verdicts(folder: Path, verdicts: Mapping[tuple[str, str], Verdict]) -> None:
    """Save the verdicts of tests, beside those of earlier sessions.

    Args:
        folder: The folder of pytest's run folders.
        verdicts: By test and claim.
    """
    kept = _kept(folder / KEPT)
    for test in {test for test, _ in verdicts}:
        kept[test] = {claim: verdict.name for (one, claim), verdict in verdicts.items() if one == test}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / KEPT).write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _kept(file: Path) -> VerdictNames:
    try:
        kept: VerdictNames = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept


def _tests(root: Path, settings: Settings, kept: VerdictNames) -> Iterator[Proof]:
    problems: list[str] = []
    for folder in settings.tests:
        for file in sorted((root / folder).rglob("test_*.py")):
            path = file.relative_to(root)
            marked: dict[str, list[str]] = {}
            for where, line, claims in _marks(ast.parse(file.read_text(encoding="utf-8"))):
                if claims is None:
                    problems.append(
                        f"{path}:{line}: mark.claims takes ids as string literals, since this file is read and not run."
                    )
                marked.setdefault("::".join([path.as_posix(), *where]), []).extend(claims or ())
            for name, named in marked.items():
                unique = tuple(dict.fromkeys(named))
                yield Proof(name=name, claims=unique, path=path, verdicts=_verdicts_of(name, unique, kept))
    if problems:
        raise UsageError(*problems)


def _verdicts_of(name: str, claims: tuple[str, ...], kept: VerdictNames) -> dict[str, Verdict]:
    """The verdict of a test for each claim; for a whole file, the worst of its tests."""
    tests = [names for test, names in kept.items() if test == name or test.startswith(f"{name}::")]
    found = {claim: [Verdict[one[claim]] for one in tests if claim in one] for claim in claims}
    return {claim: worst(verdicts) for claim, verdicts in found.items() if verdicts}


def _marks(
    node: ast.AST, inside: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], int, tuple[str, ...] | None]]:
    """Every `pytest.mark.claims(...)`: in which test, on which line, with which ids; None where they are not literals.

    A mark anywhere in a decorator belongs to the decorated function or class.
    """
    for child in ast.iter_child_nodes(node):
        within = inside
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            within = (*inside, child.name)
        if isinstance(child, ast.Call) and ast.unparse(child.func).endswith("mark.claims"):
            yield within, child.lineno, _literals(child)
        yield from _marks(child, within)


def _literals(call: ast.Call) -> tuple[str, ...] | None:
    values: list[Any] = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
    return tuple(values) if values and all(isinstance(one, str) for one in values) else None
