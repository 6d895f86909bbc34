"""`harness doctor`: whether this machine has what the harness needs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click

from harness.commands._options import with_servers
from harness.doctor import Examined, Health, examine
from harness.environment.open import Wishes
from harness.exit_codes import ENVIRONMENT, GREEN
from harness.settings import find_project

_COLOUR = {Health.WELL: "green", Health.LACKING: "yellow", Health.ILL: "red"}


@click.command("doctor")
@with_servers
def command(*, runs: Path, **wishes: Any) -> None:
    """Say what is installed and which servers would be used, by trying them, and what to do about what is not well."""
    root, settings = find_project(Path.cwd())
    examined = asyncio.run(_examined(root, settings, Wishes(**wishes), runs))
    ill = [one for one in examined if one.health is Health.ILL]
    click.echo(f"\n{len(examined)} things looked at, {len(ill)} of them ill.")
    raise SystemExit(ENVIRONMENT if ill else GREEN)


async def _examined(*arguments: Any) -> list[Examined]:
    seen = []
    async for one in examine(*arguments[:3], runs=arguments[3]):
        seen.append(one)
        click.echo(f"{click.style(f'{one.health:<8}', fg=_COLOUR[one.health])} {one.name:<17} {one.told}")
        if one.remedy:
            click.echo(f"{'':<27}{one.remedy}")
    return seen
