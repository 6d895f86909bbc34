"""`harness gate`: runs what must pass; its exit code decides about the merge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from harness.commands._json import json_written
from harness.commands._options import needs, with_options, with_proofs
from harness.commands._paths import FILE, GIVEN_FILE
from harness.commands._reports import further_reports, with_further_reports
from harness.errors import UsageError
from harness.exit_codes import GREEN, INCONCLUSIVE
from harness.extras import Extra
from harness.files.printable import say
from harness.gate.gate import Gate
from harness.processes.interrupts import Signals
from harness.reports.session.html import HtmlReport
from harness.reports.session.json import DecidedJson, JsonReport, SessionJson
from harness.reports.session.junit import JunitReport
from harness.reports.session.markdown import MarkdownReport
from harness.reports.session.sarif import SarifReport
from harness.results import Report, Reports
from harness.sessions.run_session import files_in, new_folder, terminal


class Shard(click.ParamType):  # type: ignore[type-arg]  # click < 8.2 has no type arguments
    """A shard such as 2/5."""

    name = "n/of"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return the number of the shard and how many there are."""
        found = re.fullmatch(r"(\d+)/(\d+)", str(value))
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(f"{value!r} is not a shard; write the second of five as 2/5.", param, ctx)
        return int(found[1]), int(found[2])


@click.command("gate")
@click.option("--explain", is_flag=True, help="Print what the policy requires; run nothing.")
@click.option("--update-baseline", is_flag=True, help="Accept all current findings: write them to the baseline.")
@click.option("--refresh-histories", is_flag=True, help="Re-record the corpora from this session's runs.")
@click.option(
    "--shard", "part", type=Shard(), metavar="N/OF", help="Run only this shard of the scenarios, such as 2/5."
)
@click.option("--junit", type=FILE, help="Also write JUnit XML to this file.")
@json_written(SessionJson | DecidedJson, "report", "Also write the JSON report to this file.")
@click.option("--sarif", type=FILE, help="Also write the findings as SARIF to this file.")
@click.option("--markdown", type=FILE, help="Also write the Markdown summary to this file.")
@click.option("--html", type=FILE, help="Also write the HTML report to this file.")
@with_further_reports
@with_proofs
@click.option(
    "--mutation",
    multiple=True,
    type=GIVEN_FILE,
    metavar="FILE",
    help="Also decide by this report of harness mutate --json. Repeatable.",
)
@with_options
@needs(Extra.SERVER)
def command(
    *,
    explain: bool,
    update_baseline: bool,
    refresh_histories: bool,
    part: tuple[int, int] | None,
    junit: Path | None,
    json_: Path | None,
    sarif: Path | None,
    markdown: Path | None,
    html: Path | None,
    further: tuple[tuple[str, Path], ...],
    proofs: tuple[Path, ...],
    mutation: tuple[Path, ...],
    **options: Any,
) -> None:
    """Run the required scenarios, replay the corpora, run the explorations; exit with 0 to merge.

    Otherwise with 1 if something failed, with 4 if nothing failed and something could not be told.
    """
    signals = Signals()
    written = {
        "--junit": junit,
        "--json": json_,
        "--sarif": sarif,
        "--markdown": markdown,
        "--html": html,
        "--report": further,
    }
    work = {"--update-baseline": update_baseline, "--refresh-histories": refresh_histories, **written}
    beside = [option for option, given in work.items() if given]
    _refuse(beside, explain=explain, refresh=refresh_histories, part=part)
    reports_of_others = further_reports(further)
    gate = Gate.here(part, proofs, mutation)
    if explain:
        for line in gate.explained():
            say(line)
        raise SystemExit(GREEN)
    options["jobs"] = options["jobs"] or gate.policy.concurrency
    folder = new_folder(options["runs"], "gate")
    receivers: list[Report] = [
        terminal(),
        *files_in(folder, decided=True),
        *([JunitReport(junit)] if junit else []),
        *([JsonReport(json_)] if json_ else []),
        *([SarifReport(sarif, scenarios=gate.scenarios, project=gate.root)] if sarif else []),
        *([MarkdownReport(markdown)] if markdown else []),
        *([HtmlReport(html, decided=True)] if html else []),
        *reports_of_others,
        *gate.on_github(),
    ]
    reports = Reports(receivers)
    decided = gate.run(folder, reports, options, signals=signals, refresh=refresh_histories, update=update_baseline)
    if update_baseline:
        gate.update_baseline(decided)
        reports.close()
        raise SystemExit(INCONCLUSIVE if decided.interrupted else GREEN)
    reports.close()
    raise SystemExit(decided.verdict.exit_code)


def _refuse(given: Sequence[str], *, explain: bool, refresh: bool, part: tuple[int, int] | None) -> None:
    problems = []
    if explain and given:
        problems.append(f"--explain runs nothing; it cannot be combined with {', '.join(given)}.")
    if refresh and part is not None:
        problems.append(
            "--refresh-histories replaces each corpus by this session's histories, and a shard has only some of them; "
            "leave out --shard."
        )
    if problems:
        raise UsageError(*problems)
