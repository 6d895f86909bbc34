"""`harness list`: lists the scenarios by pattern, or the classes that scenarios are written with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from harness.catalog import Entry, kinds_of
from harness.commands._complete import scenario_names
from harness.commands._json import json_printed
from harness.errors import UsageError
from harness.exit_codes import USAGE
from harness.extensions import extensions, summary_of
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


@dataclass(frozen=True, kw_only=True)
class KindJson:
    """One class that scenarios are written with, or that writes a report.

    Attributes:
        name: The name of its kind.
        imported: What is imported, such as "harness.HttpError".
        distribution: What brings it, and its version; "" for the harness itself.
        summary: The first line of its docstring.
    """

    name: str
    imported: str
    distribution: str
    summary: str


@click.command("list")
@click.argument("patterns", nargs=-1, metavar="[NAME]...", shell_complete=scenario_names)
@json_printed(
    tuple[ScenarioJson, ...] | tuple[KindJson, ...], "list", "Print JSON: one object per scenario, or per class."
)
@click.option(
    "--kinds",
    "group",
    type=click.Choice(["faults", "triggers", "oracles", "reports"]),
    help="List these instead: the harness's own, and those of the installed distributions.",
)
def command(patterns: tuple[str, ...], *, as_json: bool, group: str | None) -> None:
    """List the scenarios by pattern; names may be globs."""
    if group is not None:
        if patterns:
            raise UsageError("--kinds lists no scenarios; leave out their names.")
        _kinds(group, as_json=as_json)
        return
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


def _kinds(group: str, *, as_json: bool) -> None:
    # Reports of the harness's own have options, such as --junit.
    own = {} if group == "reports" else kinds_of(group)
    others = extensions(group)
    brought, problems = others.loaded()
    rows = [
        KindJson(name=name, imported=f"harness.{kind.__name__}", distribution="", summary=summary_of(kind))
        for name, kind in own.items()
    ] + [
        KindJson(
            name=name,
            imported=f"{kind.__module__}.{kind.__name__}",
            distribution=others[name].distribution,
            summary=summary_of(kind),
        )
        for name, kind in brought.items()
    ]
    if as_json:
        click.echo(text_of(rows))
    else:
        width = max((len(one.imported) for one in rows), default=0)
        for one in rows:
            brought_by = f" ({one.distribution})" if one.distribution else ""
            say(f"{one.imported:<{width}}  {one.summary}{brought_by}")
    if problems:
        raise UsageError(*problems)
