"""`harness judge`: what today's oracles say of runs that are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click

from harness.catalog import Catalog
from harness.commands._json import json_written
from harness.commands._options import needs
from harness.commands._paths import GIVEN_PATH
from harness.errors import UsageError, unknown
from harness.evidence.evidence import Evidence
from harness.evidence.run_folder import load
from harness.extras import Extra
from harness.judge import judge_kept
from harness.redaction.active import active
from harness.reports.session.json import DecidedJson, JsonReport, SessionJson
from harness.reports.session.read_json import REPORT, load_session
from harness.results import Reports, Result, SessionEnded, SessionStarted
from harness.sessions.run_session import catalog_here, terminal
from harness.verdict import worst


@click.command("judge")
@click.argument("folders", nargs=-1, required=True, metavar="RUN...", type=GIVEN_PATH)
@json_written(SessionJson | DecidedJson, "report")
@needs(Extra.SERVER)
def command(folders: tuple[Path, ...], json_: Path | None) -> None:
    """Judge kept runs again, by the folder of a run or of a whole session; runs nothing, changes none of them."""
    catalog = catalog_here()
    results: list[Result] = []
    problems: list[str] = []
    for folder in folders:
        try:
            results += _judged(folder, catalog)
        except UsageError as error:
            problems += error.problems
    if problems:
        raise UsageError(*problems)
    first = results[0].evidence
    ended = SessionEnded(
        started=SessionStarted(
            at=first.events[0].at,
            names=tuple(one.name for one in results),
            seed=first.seed,
            folder=folders[0],
            temporal="",
            toxiproxy="",
        ),
        results=tuple(results),
        not_run=(),
        skipped={},
        interrupted=False,
        took=sum((one.took for one in results), timedelta(0)),
    )
    reports = Reports([terminal(), *([JsonReport(json_)] if json_ else [])])
    reports.notify(ended)
    reports.close()
    raise SystemExit(ended.verdict.exit_code)


def _judged(folder: Path, catalog: Catalog) -> list[Result]:
    if (folder / REPORT).is_file():
        return [_again(one, catalog) for one in load_session(folder).results]
    evidence = load(folder)
    return [
        _again(
            Result(
                name=evidence.scenario,
                verdict=worst(()),
                findings=(),
                evidence=evidence,
                folder=folder,
                took=_length(evidence),
                repeat=f"harness run {evidence.scenario} --seed {evidence.seed}",
            ),
            catalog,
        )
    ]


def _again(result: Result, catalog: Catalog) -> Result:
    """The same run, with what its scenario's oracles say of it today."""
    if result.name not in catalog.entries:
        raise UsageError(f"{result.folder} is of a scenario that there is no more: {_unknown(result.name, catalog)}")
    findings = judge_kept(catalog.entries[result.name].scenario, result.evidence, active().fresh())
    return replace(result, findings=findings, verdict=worst(one.verdict for one in findings))


def _unknown(name: str, catalog: Catalog) -> str:
    pattern = name.partition("/")[0]
    return unknown("scenario", name, [one for one in catalog.entries if one.startswith(f"{pattern}/")])


def _length(evidence: Evidence) -> timedelta:
    return evidence.events[-1].at - evidence.events[0].at
