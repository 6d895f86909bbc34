"""The line of the application that a finding or a failure points to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from harness.files.places import is_own, places
from harness.reports.text import DETAIL
from harness.results import Result
from harness.verdict import Finding, Harm

AROUND = 4
"""How many lines are shown before and after the line itself."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of code.

    Attributes:
        path: The file, as it was recorded.
        line: The line, counted from 1.
    """

    path: str
    line: int

    def __str__(self) -> str:
        path = Path(self.path)
        here = Path.cwd()
        return f"{path.relative_to(here) if path.is_relative_to(here) else path}:{self.line}"

    @property
    def excerpt(self) -> tuple[tuple[int, str], ...]:
        """The numbered lines around it; none when the file is not on this machine, or shorter now."""
        try:
            lines = Path(self.path).read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            return ()
        if self.line > len(lines):
            return ()
        first = max(1, self.line - AROUND)
        return tuple(enumerate(lines[first - 1 : self.line + AROUND], start=first))


def place_of(result: Result, finding: Finding) -> Place | None:
    """Return the innermost line of the application that a finding names, if any.

    For a wrong outcome that is otherwise the line that raised the workflow's failure.
    """
    texts = [f"{finding.title}\n{finding.detail}"]
    failure = result.evidence.outcome.failure
    if finding.harm is Harm.OUTCOME and failure is not None:
        texts += [link.stack_trace for link in failure.chain()]
    for text in texts:
        own = [Place(path=path, line=line) for path, line in places(text[-DETAIL:]) if is_own(path)]
        if own:
            return own[-1]
    return None
