"""`harness report`: rebuilds the reports of finished sessions from their folders."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from harness.catalog import load_catalog, scenario_places
from harness.commands._json import json_written
from harness.commands._options import needs, with_proofs
from harness.commands._paths import FILE, GIVEN_PATH
from harness.commands._reports import further_reports, with_further_reports
from harness.extras import Extra
from harness.gate.baseline import load_baseline
from harness.gate.decision import decide
from harness.reports.session.html import HtmlReport
from harness.reports.session.json import DecidedJson, JsonReport, SessionJson
from harness.reports.session.junit import JunitReport
from harness.reports.session.markdown import MarkdownReport
from harness.reports.session.read_json import load_sessions, reasons_beside_the_runs
from harness.reports.session.sarif import SarifReport
from harness.results import Report, Reports
from harness.sessions.run_session import terminal
from harness.settings import find_project
from harness.specification.proofs import load_specification, verdicts_in


@click.command("report")
@click.argument("sessions", nargs=-1, required=True, metavar="SESSION...", type=GIVEN_PATH)
@with_further_reports
@with_proofs
@click.option("--junit", type=FILE, help="Write JUnit XML to this file.")
@json_written(SessionJson | DecidedJson, "report")
@click.option("--sarif", type=FILE, help="Write the findings as SARIF to this file.")
@click.option("--markdown", type=FILE, help="Write the Markdown summary to this file.")
@click.option("--html", type=FILE, help="Write the HTML report to this file.")
@needs(Extra.SERVER)
def command(
    sessions: tuple[Path, ...],
    *,
    further: tuple[tuple[str, Path], ...],
    proofs: tuple[Path, ...],
    junit: Path | None,
    json_: Path | None,
    sarif: Path | None,
    markdown: Path | None,
    html: Path | None,
) -> None:
    """Merge session folders, such as a gate's shards, and decide over all of them; run nothing."""
    root, settings = find_project(Path.cwd())
    reports_of_others = further_reports(further)
    ended = load_sessions(sessions)
    specification = None
    if settings.gate.must_prove:
        specification = load_specification(root, settings, load_catalog(root, settings), verdicts=verdicts_in(proofs))
    decided = decide(
        ended,
        policy=settings.gate,
        waivers=load_baseline(root / settings.gate.baseline),
        today=date.today(),  # noqa: DTZ011 - a waiver expires at the end of the local day
        specification=specification,
        further=reasons_beside_the_runs(sessions),
    )
    receivers: list[Report] = [
        terminal(),
        *([JunitReport(junit)] if junit else []),
        *([JsonReport(json_)] if json_ else []),
        *([SarifReport(sarif, scenarios=scenario_places(root, settings), project=root)] if sarif else []),
        *([MarkdownReport(markdown)] if markdown else []),
        *([HtmlReport(html, decided=True)] if html else []),
        *reports_of_others,
    ]
    reports = Reports(receivers)
    reports.notify(ended)
    reports.notify(decided)
    reports.close()
    raise SystemExit(decided.verdict.exit_code)
