"""`harness gate`: every scenario, and an exit code that says whether to merge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from harness.commands._running import catalog_here, run_session, with_options
from harness.errors import UsageError
from harness.gate import exit_code


@click.command("gate")
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the JUnit XML here.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Also write the JSON report here.")
@with_options
def command(*, junit: Path | None, json_: Path | None, **options: Any) -> None:
    """Run every scenario; the exit code says whether to merge."""
    catalog = catalog_here()
    if catalog.broken:
        raise UsageError(*(f"{name}: {problem}" for name, problem in catalog.broken.items()))
    if not catalog.entries:
        raise UsageError("there is no scenario to run; a gate that runs nothing holds nothing back.")
    ended = run_session(list(catalog.entries.values()), command="gate", junit=junit, json_=json_, **options)
    raise SystemExit(exit_code(ended.verdict))
