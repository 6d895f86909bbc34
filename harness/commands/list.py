"""`harness list`: lists the scenarios by pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from harness.catalog import Entry
from harness.commands._json import json_printed
from harness.exit_codes import USAGE
from harness.files.printable import say
from harness.reports.json_form import text_of
from harness.sessions.run_session import catalog_here


@dataclass(frozen=True, kw_only=True)
class ScenarioJson:
    """One scenario.

    Attributes:
        summary: The first line of its docstring: what must hold.
        claims: The ids of the claims that it proves.
        file: The file that declares it.
    """

    name: str
    summary: str
    claims: tuple[str, ...]
    file: str


@click.command("list")
@click.argument("patterns", nargs=-1, metavar="[NAME]...")
@json_printed(tuple[ScenarioJson, ...], "list", "Print JSON: one object per scenario.")
def command(patterns: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the scenarios by pattern; names may be globs."""
    catalog = catalog_here()
    chosen = catalog.select(patterns) if patterns else list(catalog.entries.values())
    if as_json:
        click.echo(text_of(map(_row, chosen)))
    else:
        _print_by_pattern(chosen)
    for name, problem in catalog.broken.items():
        say(f"broken: {name}\n    {problem}", err=True)
    if catalog.broken:
        raise SystemExit(USAGE)


def _row(one: Entry) -> ScenarioJson:
    claims = tuple(one.scenario.claims)
    return ScenarioJson(name=one.name, summary=one.summary, claims=claims, file=str(one.path))


def _print_by_pattern(entries: Sequence[Entry]) -> None:
    width = max((len(entry.name) for entry in entries), default=0)
    pattern = ""
    for entry in entries:
        if entry.path.parent.name != pattern:
            pattern = entry.path.parent.name
            say(pattern, bold=True)
        say(f"  {entry.name:<{width}}  {entry.summary}")
