"""What GitHub Actions shows beside a merge request: the job's summary, and a note at the file of each red scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from harness.reports.session.markdown import summary
from harness.results import GateDecided, SessionEvent


class GithubReport:
    """Speaks GitHub's workflow commands when a gate has decided.

    Args:
        summary: The file that GITHUB_STEP_SUMMARY names; None for none.
        places: The file and line of each scenario, relative to the repository.
        say: Is given each line for the log, where GitHub looks for commands.
    """

    def __init__(
        self, *, summary: Path | None, places: Mapping[str, tuple[Path, int]], say: Callable[[str], None]
    ) -> None:
        self._summary = summary
        self._places = places
        self._say = say

    def tell(self, event: SessionEvent) -> None:
        """Take one event."""
        if not isinstance(event, GateDecided):
            return
        if self._summary is not None:
            with self._summary.open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(summary(event))
        for reason in event.against:
            place = ""
            if reason.name in self._places:
                path, line = self._places[reason.name]
                place = f"file={_value(path.as_posix())},line={line},"
            self._say(f"::error {place}title={_value(f'{reason.kind} {reason.name}'.strip())}::{_text(str(reason))}")


def _text(text: str) -> str:
    """Text that ends no command and begins none."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
