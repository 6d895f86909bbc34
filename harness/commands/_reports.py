"""The option for reports that other distributions bring."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from harness.commands._paths import FILE
from harness.errors import UsageError, unknown
from harness.extensions import extensions
from harness.reports.session.registered import RegisteredReport


class ReportFile(click.ParamType):  # type: ignore[type-arg]  # click < 8.2 has no type arguments
    """A report and the file that it writes, as NAME=FILE."""

    name = "name=file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """Return the name of the report, and the file."""
        name, _, file = str(value).partition("=")
        if not name or not file:
            self.fail(f"{value!r} is not NAME=FILE; `harness list --kinds reports` lists the names.", param, ctx)
        return name, FILE.convert(file, param, ctx)


with_further_reports = click.option(
    "--report",
    "further",
    multiple=True,
    type=ReportFile(),
    metavar="NAME=FILE",
    help="Also write a report that an installed distribution brings. Repeatable.",
)
"""Adds the option for reports of other distributions."""


def further_reports(given: Iterable[tuple[str, Path]]) -> list[RegisteredReport]:
    """Return these reports.

    Raises:
        UsageError: There are no such reports, or some cannot be used; every problem at once.
    """
    known = extensions("reports")
    reports: list[RegisteredReport] = []
    problems: list[str] = []
    for name, path in given:
        if name not in known:
            problems.append(unknown("report of an installed distribution", name, known.found))
            continue
        try:
            reports.append(RegisteredReport(known[name], path))
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(*problems)
    return reports
