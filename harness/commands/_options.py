"""The options that all commands which run scenarios share."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce, wraps
from pathlib import Path
from typing import Any

import click

from harness.commands._paths import FOLDER, GIVEN_FILE
from harness.environment.providers import PROVIDERS
from harness.extras import Extra, need
from harness.sessions.jobs import JOBS

_SERVERS: tuple[Callable[[Any], Any], ...] = (
    click.option("--temporal", metavar="HOST:PORT", help="Use this Temporal server instead of starting a dev server."),
    click.option(
        "--temporal-allow",
        multiple=True,
        metavar="HOST",
        help="Allow the --temporal server to be at this host, which is not loopback; repeatable.",
    ),
    click.option(
        "--temporal-provider", type=click.Choice(PROVIDERS), help="The Temporal server to start. Default: dev-server."
    ),
    click.option("--temporal-image", metavar="IMAGE", help="Image for --temporal-provider container."),
    click.option("--namespace", help="Namespace on the --temporal server."),
    click.option("--toxiproxy", metavar="HOST:PORT", help="Use this Toxiproxy instead of starting one."),
    click.option(
        "--toxiproxy-provider",
        type=click.Choice(["embedded", "binary", "container"]),
        help="The Toxiproxy to start. Default: binary if toxiproxy-server is on PATH, else embedded.",
    ),
    click.option("--toxiproxy-image", metavar="IMAGE", help="Image for --toxiproxy-provider container."),
    click.option("--runs", type=FOLDER, default=Path("runs"), help="Folder for run folders. Default: runs."),
)

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    *_SERVERS,
    click.option("--seed", type=click.IntRange(min=0), help="Random seed; reuse a run's seed to repeat it."),
    click.option(
        "-j", "--concurrency", "jobs", type=click.IntRange(min=1), help=f"Number of concurrent runs. Default: {JOBS}."
    ),
)


def needs(*extras: Extra) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a command refuse to run where an extra that it needs is not installed; it prints its help all the same."""

    def checks(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def checked(*arguments: Any, **options: Any) -> Any:
            need(f"harness {click.get_current_context().info_name}", *extras)
            return command(*arguments, **options)

        return checked

    return checks


with_proofs = click.option(
    "--proofs",
    multiple=True,
    type=GIVEN_FILE,
    metavar="FILE",
    help="Also decide by these verdicts: pytest's claims.json, or a session's report.json. Repeatable.",
)
"""Adds the option for verdicts of claims that come from elsewhere."""


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the commands that run scenarios."""
    return reduce(lambda given, option: option(given), reversed(_OPTIONS), command)


def with_servers(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose the servers and the folder for run folders."""
    return reduce(lambda given, option: option(given), reversed(_SERVERS), command)
