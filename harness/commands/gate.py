"""`harness gate`: what must hold, and an exit code that says whether to merge."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from harness.commands._options import with_options
from harness.exit_codes import GREEN, RED
from harness.gate.gate import Gate
from harness.processes.interrupts import Signals
from harness.reports.session.html import HtmlReport
from harness.reports.session.json import JsonReport
from harness.reports.session.junit import JunitReport
from harness.reports.session.markdown import MarkdownReport
from harness.results import Report, Reports
from harness.sessions.run_session import files_in, new_folder, terminal


class Shard(click.ParamType[tuple[int, int]]):
    """A part such as 2/5."""

    name = "n/of"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Return the number of the part, and of how many."""
        found = re.fullmatch(r"(\d+)/(\d+)", str(value))
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(f"{value!r} is no part; the second of five is 2/5.", param, ctx)
        return int(found[1]), int(found[2])


@click.command("gate")
@click.option("--explain", is_flag=True, help="Say what the policy asks for, and run nothing.")
@click.option("--update-baseline", is_flag=True, help="Bear everything that is found from now on.")
@click.option("--refresh-histories", is_flag=True, help="Record the corpora anew from this session's runs.")
@click.option("--shard", "part", type=Shard(), metavar="N/OF", help="Run only this part, such as 2/5.")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the JUnit XML here.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Also write the JSON report here.")
@click.option("--markdown", type=click.Path(path_type=Path), help="Also write the Markdown summary here.")
@click.option("--html", type=click.Path(path_type=Path), help="Also write the HTML report here.")
@with_options
def command(
    *,
    explain: bool,
    update_baseline: bool,
    refresh_histories: bool,
    part: tuple[int, int] | None,
    junit: Path | None,
    json_: Path | None,
    markdown: Path | None,
    html: Path | None,
    **options: Any,
) -> None:
    """Run what must hold; the exit code says whether to merge."""
    signals = Signals()
    gate = Gate.here(part)
    if explain:
        for line in gate.explained():
            click.echo(line)
        raise SystemExit(GREEN)
    options["jobs"] = options["jobs"] or gate.policy.concurrency
    folder = new_folder(options["runs"], "gate")
    told: list[Report] = [
        terminal(),
        *files_in(folder, decided=True),
        *([JunitReport(junit)] if junit else []),
        *([JsonReport(json_)] if json_ else []),
        *([MarkdownReport(markdown)] if markdown else []),
        *([HtmlReport(html, decided=True)] if html else []),
        *gate.on_github(),
    ]
    reports = Reports(told)
    decided = gate.run(folder, reports, options, signals=signals, refresh=refresh_histories, update=update_baseline)
    if update_baseline:
        gate.update_baseline(decided)
        reports.close()
        raise SystemExit(RED if decided.interrupted else GREEN)
    reports.close()
    raise SystemExit(GREEN if decided.green else RED)
