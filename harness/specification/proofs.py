"""Finds the proofs of claims: scenarios that name them, tests marked with them, and their verdicts.

A gate takes verdicts only from the files that it is given; `harness claims` prints the last ones of a folder.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
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


VerdictNames = dict[str, dict[str, str]]
"""By test and by claim, the name of a verdict."""


@dataclass(frozen=True, kw_only=True)
class Verdicts:
    """What proofs came to when they ran.

    Attributes:
        scenarios: By scenario.
        tests: By test and claim.
    """

    scenarios: Mapping[str, Verdict] = field(default_factory=dict)
    tests: VerdictNames = field(default_factory=dict)


def load_specification(
    root: Path, settings: Settings, catalog: Catalog, *, verdicts: Verdicts = Verdicts()
) -> Specification:
    """Return the claims of a project with their proofs.

    Args:
        root: The project's root.
        settings: The folders of its claims and tests.
        catalog: Its scenarios.
        verdicts: What the proofs came to, as far as that is known.

    Raises:
        UsageError: A file of claims is invalid, or a test's mark cannot be read; every problem at once.
    """
    topics = load_topics([root / folder for folder in settings.claims])
    if not topics:
        raise UsageError(
            f"no claims in {', '.join(settings.claims)}; set the folders of claims with `claims` in [tool.harness]."
        )
    last = verdicts.scenarios
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
    proofs = [*scenarios, *_tests(root, settings, verdicts.tests)]
    return Specification(topics=topics, proofs=tuple(sorted(proofs, key=lambda proof: proof.name)))


def last_verdicts(runs: Path) -> Verdicts:
    """Return the last verdict of each proof in a folder of run folders: the worst of a session that ran it often."""
    sessions: list[tuple[datetime, dict[str, Verdict]]] = []
    for file in runs.glob("*/report.json"):
        # A truncated report, or one of another version, has no verdicts; the others do.
        with suppress(OSError, ValueError, KeyError, TypeError):
            report = json.loads(file.read_text(encoding="utf-8"))
            sessions.append((datetime.fromisoformat(report["started_at"]), _of_session(report)))
    last: dict[str, Verdict] = {}
    for _, verdicts in sorted(sessions, key=lambda one: one[0]):
        last |= verdicts
    return Verdicts(scenarios=last, tests=_kept(runs / "pytest" / KEPT))


def verdicts_in(files: Sequence[Path]) -> Verdicts:
    """Return the verdicts in files that are named: pytest's `claims.json`, and `report.json` of sessions.

    Raises:
        UsageError: One of them is neither; every problem at once.
    """
    scenarios: dict[str, Verdict] = {}
    tests: VerdictNames = {}
    problems: list[str] = []
    for file in files:
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            if "runs" in data:
                scenarios |= _of_session(data)
            else:
                # Read here, so that a file of another form is refused and not ignored.
                tests |= {test: {claim: Verdict[one].name for claim, one in of.items()} for test, of in data.items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            problems.append(
                f"{file} has no verdicts that can be read ({error!r}); name the claims.json that pytest writes to "
                "runs/pytest, or the report.json of a session."
            )
    if problems:
        raise UsageError(*problems)
    return Verdicts(scenarios=scenarios, tests=tests)


def _of_session(report: Mapping[str, Any]) -> dict[str, Verdict]:
    """By scenario, its verdict in a session; the worst if it ran several times."""
    session: dict[str, list[Verdict]] = {}
    for run in report["runs"]:
        session.setdefault(run["name"], []).append(Verdict[run["verdict"]])
    return {name: worst(verdicts) for name, verdicts in session.items()}


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
