"""Findings as SARIF 2.1.0, which code hosts show at the line of code that they are about."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from harness.catalog import kind_at
from harness.files.atomic_file import write_whole
from harness.files.naming import kinds_in
from harness.files.places import Place
from harness.files.printable import json_text
from harness.files.wording import masked
from harness.replay.verdicts.judgement import ReplayRule
from harness.reports.text import DETAIL, cut, one_line
from harness.verdict import Harm, Verdict

DISTRIBUTION = "temporal-resilience-harness"

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

FINGERPRINTS = ("harnessFinding/v1", "primaryLocationLineHash")
"""The names under which a finding's fingerprint is written: ours, and the only one that GitHub reads.

GitHub's own value for it is a hash of the source line, by which two scenarios that fail at one line would be one alert.
"""

_LINE = re.compile(r":\d+\b")


class Level(StrEnum):
    """How loudly a code host shows a finding."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @classmethod
    def of(cls, verdict: Verdict, harm: Harm) -> Level:
        """Return the level of a finding: what says nothing about the application is a note."""
        if verdict is not Verdict.FAILED or harm is Harm.HARNESS:
            return cls.NOTE
        return cls.ERROR if harm >= Harm.OUTCOME else cls.WARNING


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One finding, as a code host shows it.

    Attributes:
        rule: The oracle, the invariant or the rule that found it.
        about: The scenario, the target or the workflow it was found in.
        title: One sentence.
        text: Everything else that is known of it, and how to repeat it.
        level: How loudly it is shown.
        places: The lines it is about, the most exact first; the first that is in the repository is shown.
        subject: What it is about there, such as an activity.
        waived: Why it does not count; "" when it does.
    """

    rule: str
    about: str
    title: str
    text: str = ""
    level: Level
    places: Sequence[Place] = ()
    subject: str = ""
    waived: str = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same finding in every run, and after the lines have moved."""
        parts = (self.rule, self.about, _LINE.sub("", self.subject), masked(self.title))
        return hashlib.sha256("\n".join(parts).encode(errors="backslashreplace")).hexdigest()[:32]


def write_sarif(path: Path, alerts: Iterable[Alert], *, category: str, project: Path) -> None:
    """Write the file; findings that several runs have are one, with their number.

    Args:
        path: The file.
        alerts: The findings.
        category: What tells these findings from those of another command in the same repository.
        project: The project's root. Without a line in its repository, a finding is shown at its settings.
    """
    same: dict[str, list[Alert]] = {}
    for one in alerts:
        same.setdefault(one.fingerprint, []).append(one)
    rules = sorted({several[0].rule for several in same.values()})
    repository, settings = _repository(project.resolve()), _settings(project.resolve())
    run = {
        "tool": {
            "driver": {
                "name": DISTRIBUTION,
                "semanticVersion": version(DISTRIBUTION),
                "rules": [_rule(one) for one in rules],
            }
        },
        "automationDetails": {"id": f"{category}/"},
        # Without a URI: whoever reads the file knows where the repository is.
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(several, rules=rules, repository=repository, settings=settings) for several in same.values()
        ],
    }
    write_whole(path, json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n")


def _result(
    several: Sequence[Alert], *, rules: Sequence[str], repository: Path, settings: Place | None
) -> dict[str, Any]:
    first = several[0]
    title = one_line(first.title)
    text = f"{first.about}: {title}" if first.about else title
    detail = f"\n\n{cut(first.text, DETAIL)}" if first.text else ""
    candidates = (*first.places, *([settings] if settings else []))
    location = next((found for one in candidates if (found := _location(one, repository))), None)
    known: dict[str, Any] = {
        "ruleId": first.rule,
        "ruleIndex": rules.index(first.rule),
        "level": first.level.value,
        # "[text](1)" would be a link.
        "message": {"text": (text + detail).replace("](", "] (")},
        "locations": [location] if location else [],
        "partialFingerprints": dict.fromkeys(FINGERPRINTS, first.fingerprint),
    }
    if len(several) > 1:
        known["occurrenceCount"] = len(several)
    if first.waived:
        known["suppressions"] = [{"kind": "external", "justification": one_line(first.waived)}]
    return known


def _location(place: Place, repository: Path) -> Mapping[str, Any] | None:
    """Return a place as SARIF has it; None outside the repository, where no code host can show it."""
    path = Path(place.path).resolve()
    if not path.is_relative_to(repository):
        return None
    # As bytes: a name need not be text.
    uri = quote(os.fsencode(path.relative_to(repository).as_posix()))
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": max(1, place.line)},
        }
    }


def _rule(name: str) -> Mapping[str, Any]:
    text = next(_descriptions(name))
    return {
        "id": name,
        "shortDescription": {"text": text},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} Each finding says how to repeat it."},
    }


def _descriptions(name: str) -> Iterator[str]:
    """Yield what a rule says must hold, the best sentence first."""
    if name in kinds_in("oracles"):
        yield _first_line(kind_at("oracles", name))
    if name in kinds_in("explore.invariants"):
        yield _first_line(importlib.import_module(f"harness.explore.invariants.{name}"))
    if name in {*ReplayRule}:
        yield ReplayRule(name).sentence
    yield f"What {name} says must hold."


def _first_line(documented: Any) -> str:
    return (inspect.getdoc(documented) or "").partition("\n")[0]


def _repository(project: Path) -> Path:
    """Return the git repository that a project is in; itself without one."""
    return next((one for one in (project, *project.parents) if (one / ".git").exists()), project)


def _settings(project: Path) -> Place | None:
    there = (project / name for name in ("harness.toml", "pyproject.toml"))
    return next((Place(path=str(file), line=1) for file in there if file.is_file()), None)
