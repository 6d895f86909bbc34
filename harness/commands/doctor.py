"""`harness doctor`: whether this machine has what the harness needs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from harness.commands._options import with_servers
from harness.doctor import Check, Health, run_checks
from harness.environment.open import Wishes
from harness.exit_codes import ENVIRONMENT, GREEN
from harness.files.printable import say
from harness.settings import find_project

_COLOUR = {Health.OK: "green", Health.MISSING: "yellow", Health.FAILED: "red"}


@click.command("doctor")
@with_servers
def command(*, runs: Path, **wishes: Any) -> None:
    """Check packages, project, disk, Docker and servers by using them, and print how to fix problems."""
    root, settings = find_project(Path.cwd())
    checks = asyncio.run(_checked(root, settings, Wishes(**wishes, policy_allow=settings.temporal_allow), runs))
    failed = sum(one.health is Health.FAILED for one in checks)
    missing = sum(one.health is Health.MISSING for one in checks)
    say(f"\n{len(checks)} checks: {failed} failed, {missing} missing.")
    raise SystemExit(ENVIRONMENT if failed else GREEN)


async def _checked(*arguments: Any) -> list[Check]:
    done = []
    async for one in run_checks(*arguments[:3], runs=arguments[3]):
        done.append(one)
        click.secho(f"{one.health:<8}", fg=_COLOUR[one.health], nl=False)
        say(f" {one.name:<17} {one.seen}")
        if one.remedy:
            say(f"{'':<27}{one.remedy}")
    return done
