"""`harness init`: reads a project, writes its first scenarios, and runs them."""

from __future__ import annotations

from pathlib import Path

import click

from harness.commands._options import needs
from harness.errors import UsageError
from harness.exit_codes import GREEN
from harness.extras import Extra
from harness.files.printable import say
from harness.init.find.applications import project_above
from harness.init.in_words import in_words
from harness.init.plan import InitPlan, apply, plan
from harness.processes.interrupts import Signals
from harness.project_tables import tables_in
from harness.sessions.run_session import catalog_here, run_session
from harness.settings import Settings, find_project


@click.command("init")
@click.option("--ci", type=click.Choice(["github", "gitlab"]), help="Also write the job that runs `harness gate`.")
@click.option("--dry-run", is_flag=True, help="Print what would be written; write and run nothing.")
@click.option("--no-run", is_flag=True, help="Write, and run nothing.")
@needs(Extra.SERVER)
def command(*, ci: str | None, dry_run: bool, no_run: bool) -> None:
    """Read the project in this folder, write its first scenarios, and run them.

    Reads the code and imports none of it. Never overwrites a file; when run again, it adds what is new.
    """
    if dry_run and no_run:
        raise UsageError("--dry-run writes nothing, so there is nothing to run; leave --no-run out.")
    signals = Signals()
    root = Path.cwd()
    planned = plan(root, _settings(root), ci=ci)
    for line in in_words(planned.found):
        say(line)
    say()
    if dry_run:
        _show(planned)
        return
    apply(root, planned.additions)
    for one in planned.additions:
        say(f"{'extended' if one.extends else 'wrote'}: {one.path.as_posix()} ({one.what})")
    if not planned.additions:
        say("Nothing is new: everything that init writes is there already.")
    ended = GREEN
    if planned.scenarios and not no_run:
        say(f"\nThe first verdict: harness run {' '.join(planned.scenarios)}")
        entries = catalog_here(planned.scenarios).select(planned.scenarios)
        done = run_session(entries, signals=signals, runs=Path("runs"), seed=None, jobs=None, command="run")
        ended = done.verdict.exit_code
    _next(planned)
    raise SystemExit(ended)


def _settings(root: Path) -> Settings | None:
    """Return the project's settings; None if it has none yet.

    Raises:
        UsageError: The folder is a part of a project.
    """
    place, settings = find_project(root)
    has_them = tables_in(place) is not None
    if place != root:
        raise UsageError(f"{root} is a part of the project {place}, which has settings: run `harness init` there.")
    above = None if has_them else project_above(root)
    if above is not None:
        raise UsageError(
            f"{root} is a part of the project {above}: run `harness init` there. "
            "If it is a project of its own, give it a pyproject.toml first."
        )
    return settings if has_them else None


def _show(planned: InitPlan) -> None:
    for one in planned.additions:
        say(f"would {'extend' if one.extends else 'write'}: {one.path.as_posix()} ({one.what})", bold=True)
        for line in one.text.splitlines():
            say(f"    {line}".rstrip())
    if not planned.additions:
        say("Nothing is new: init would write nothing.")


def _next(planned: InitPlan) -> None:
    """Name the next three commands."""
    patterns = [one.pattern for one in planned.found.started]
    first = planned.scenarios[-1] if planned.scenarios else f"{patterns[0]}/all_well"
    target = next(iter(planned.targets), Path("explore", f"{patterns[0]}.py"))
    say("\nNext:")
    say(f"  harness explain {first}")
    say(f"  harness explore {target.as_posix()}" if target.exists() else f"  harness run {first} --crash-everywhere")
    say("  harness gate")
