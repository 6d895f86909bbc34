"""What every test run of this repository reports at its end: which tests were left out, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Count the tests that were left out, by folder and reason, below everything else."""
    yield
    left_out = Counter(
        (report.nodeid.split("/")[1], _reason(report))
        for report in terminalreporter.getreports("skipped")
        if isinstance(report, pytest.TestReport)
    )
    for (folder, reason), count in sorted(left_out.items()):
        terminalreporter.write_line(f"left out: {count} {folder} ({reason})")


def _reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped, without pytest's prefix."""
    assert isinstance(report.longrepr, tuple)
    return report.longrepr[2].removeprefix("Skipped: ").splitlines()[0]
