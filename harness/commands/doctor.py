"""`harness doctor`: whether this machine has what the harness needs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from harness.commands._json import json_printed
from harness.commands._options import with_servers
from harness.doctor import Check, Health, run_checks
from harness.environment.open import Wishes
from harness.exit_codes import ENVIRONMENT, GREEN
from harness.files.printable import say
from harness.reports.json_form import text_of
from harness.settings import Settings, find_project

_COLOUR = {Health.OK: "green", Health.MISSING: "yellow", Health.FAILED: "red"}


@click.command("doctor")
@json_printed(tuple[Check, ...], "doctor", "Print JSON: one object per check.")
@with_servers
def command(*, as_json: bool, runs: Path, **wishes: Any) -> None:
    """Check packages, project, disk, Docker and servers by using them, and print how to fix problems."""
    root, settings = find_project(Path.cwd())
    servers = Wishes(**wishes, policy_allow=settings.temporal_allow)
    checks = asyncio.run(_checked(root, settings, servers, runs, _quiet if as_json else _show))
    failed = sum(one.health is Health.FAILED for one in checks)
    missing = sum(one.health is Health.MISSING for one in checks)
    if as_json:
        click.echo(text_of(checks))
    else:
        say(f"\n{len(checks)} checks: {failed} failed, {missing} missing.")
    raise SystemExit(ENVIRONMENT if failed else GREEN)


async def _checked(
    root: Path, settings: Settings, servers: Wishes, runs: Path, show: Callable[[Check], None]
) -> list[Check]:
    done = []
    async for one in run_checks(root, settings, servers, runs=runs):
        done.append(one)
        show(one)
    return done


def _show(one: Check) -> None:
    say(f" {one.name:<17} {one.seen}", mark=f"{one.health:<8}", fg=_COLOUR[one.health])
    if one.remedy:
        say(f"{'':<27}{one.remedy}")


def _quiet(_: Check) -> None:
    """JSON is printed as a whole."""
