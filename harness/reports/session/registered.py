"""A report that another distribution brings: an error in it ends that report, and not the session."""

from __future__ import annotations

import traceback
from pathlib import Path

from harness.errors import EnvironmentUnavailable, UsageError
from harness.extensions import Extension
from harness.results import Report, SessionEvent


class RegisteredReport:
    """Passes the events of a session on to the report of a distribution.

    Args:
        extension: What the distribution registers.
        path: The file that it writes.

    Raises:
        UsageError: It cannot be imported, or not be made for a file.
    """

    def __init__(self, extension: Extension, path: Path) -> None:
        self._extension = extension
        kind = extension.load()
        try:
            self._report: Report | None = kind(path)
        except Exception as error:
            raise UsageError(f"{extension} cannot be made for a file: {_in_words(error)}.") from error

    def notify(self, event: SessionEvent) -> None:
        """Take one event of the session.

        Raises:
            OSError: The file cannot be written.
            EnvironmentUnavailable: The report is broken; it gets no further event.
        """
        if self._report is None:
            return
        try:
            self._report.notify(event)
        except OSError:
            raise
        except Exception as error:
            self._report = None
            raise EnvironmentUnavailable(f"{self._extension} is broken: {_in_words(error)}.") from error


def _in_words(error: Exception) -> str:
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
