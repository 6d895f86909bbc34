"""What every command that runs scenarios shares: its options, the catalog, one session told to the reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any

import click

from harness.environment.open import PROVIDERS
from harness.sessions.session import JOBS

_SERVERS: tuple[Callable[[Any], Any], ...] = (
    click.option("--temporal", metavar="HOST:PORT", help="Run against this Temporal server, not a dev server of ours."),
    click.option(
        "--temporal-provider", type=click.Choice(PROVIDERS), help="Which Temporal server to start. Default: dev-server."
    ),
    click.option("--temporal-image", metavar="IMAGE", help="Image for --temporal-provider container."),
    click.option("--namespace", help="Namespace on that server."),
    click.option("--toxiproxy", metavar="HOST:PORT", help="Run against this Toxiproxy."),
    click.option(
        "--toxiproxy-provider",
        type=click.Choice(["embedded", "binary", "container"]),
        help="Which Toxiproxy to start. Default: a toxiproxy-server on PATH, else the embedded one.",
    ),
    click.option("--toxiproxy-image", metavar="IMAGE", help="Image for --toxiproxy-provider container."),
    click.option("--runs", type=click.Path(path_type=Path), default=Path("runs"), help="Where run folders are kept."),
)

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    *_SERVERS,
    click.option("--seed", type=int, help="Repeat the chance of an earlier run."),
    click.option("-j", "--concurrency", "jobs", type=click.IntRange(min=1), help=f"Runs at once. Default: {JOBS}."),
)


def with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of everything that runs scenarios."""
    return reduce(lambda given, option: option(given), reversed(_OPTIONS), command)


def with_servers(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which servers are used, and where run folders are kept."""
    return reduce(lambda given, option: option(given), reversed(_SERVERS), command)
