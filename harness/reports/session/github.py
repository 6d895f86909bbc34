"""What GitHub Actions shows beside a merge request: the job's summary, and a note at the file of each red scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from harness.reports.session.markdown import summary
from harness.reports.text import DETAIL, cut, github_command
from harness.results import GateDecided, SessionEvent


class GithubReport:
    """Writes GitHub's workflow commands when a gate has decided.

    Args:
        summary: The file that GITHUB_STEP_SUMMARY names; None for none.
        places: The file and line of each scenario, relative to the repository.
        say: Prints a line to the log, where GitHub looks for commands.
    """

    def __init__(
        self, *, summary: Path | None, places: Mapping[str, tuple[Path, int]], say: Callable[[str], None]
    ) -> None:
        self._summary = summary
        self._places = places
        self._say = say

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session."""
        if not isinstance(event, GateDecided):
            return
        if self._summary is not None:
            with self._summary.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(summary(event))
        for reason in event.reasons:
            properties: dict[str, str | int] = {}
            if reason.name in self._places:
                path, line = self._places[reason.name]
                properties = {"file": path.as_posix(), "line": line}
            title = f"{reason.kind} {reason.name}".strip()
            self._say(github_command("error", cut(str(reason), DETAIL), **properties, title=title))
