"""A replay session as SARIF: each history that does not pass at the line of the workflow's code that breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.files.places import Place
from harness.replay.verdicts.judgement import NotJudged
from harness.replay.verdicts.summary import Summary
from harness.reports import sarif
from harness.reports.replay.terminal import account
from harness.reports.sarif import Alert, Level
from harness.verdict import Harm


def write(summary: Summary, path: Path, *, project: Path) -> None:
    """Write what does not pass; a history without such a line is shown itself."""
    sarif.write_sarif(path, _alerts(summary), category="harness/replay", project=project)


def _alerts(summary: Summary) -> Iterator[Alert]:
    for one in summary.red:
        if one.reason is NotJudged.INTERRUPTED:
            continue
        yield Alert(
            rule=one.rule,
            about=one.workflow or one.file,
            title=one.title,
            text="\n".join([one.file, *account(one)]),
            level=Level.of(summary.policy.verdict(one), Harm.OUTCOME),
            places=[*([one.place] if one.place else []), Place(path=one.file.partition("#")[0], line=1)],
        )
