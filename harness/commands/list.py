"""`harness list`: lists the scenarios by pattern."""

from __future__ import annotations

from collections.abc import Sequence

import click

from harness.catalog import Entry
from harness.exit_codes import USAGE
from harness.files.printable import json_text, say
from harness.sessions.run_session import catalog_here


@click.command("list")
@click.argument("patterns", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object per scenario.")
def command(patterns: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the scenarios by pattern; names may be globs."""
    catalog = catalog_here()
    chosen = catalog.select(patterns) if patterns else list(catalog.entries.values())
    if as_json:
        rows = [{"name": one.name, "summary": one.summary, "claims": list(one.scenario.claims)} for one in chosen]
        click.echo(json_text(rows))
    else:
        _print_by_pattern(chosen)
    for name, problem in catalog.broken.items():
        say(f"broken: {name}\n    {problem}", err=True)
    if catalog.broken:
        raise SystemExit(USAGE)


def _print_by_pattern(entries: Sequence[Entry]) -> None:
    width = max((len(entry.name) for entry in entries), default=0)
    pattern = ""
    for entry in entries:
        if entry.path.parent.name != pattern:
            pattern = entry.path.parent.name
            say(pattern, bold=True)
        say(f"  {entry.name:<{width}}  {entry.summary}")
