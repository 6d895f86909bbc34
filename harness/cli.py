"""The command line: list, run, gate, fake."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console

from harness import crash
from harness.catalog import Catalog, Entry, find_project, load_catalog, load_fakes
from harness.environment.open import PROVIDERS, Wishes
from harness.errors import HarnessError, UsageError, unknown
from harness.gate import USAGE, exit_code
from harness.remote import RemoteControl
from harness.reports.json import JsonReport
from harness.reports.junit import JunitReport
from harness.reports.terminal import TerminalReport
from harness.result import Report, SessionEnded
from harness.service import CONTROL, FakeService
from harness.session import JOBS, Session

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
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
    click.option("--seed", type=int, help="Repeat the chance of an earlier run."),
    click.option("-j", "--jobs", type=click.IntRange(min=1), default=JOBS, show_default=True, help="Runs at once."),
)


def _with_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="temporal-resilience-harness", prog_name="harness")
def cli() -> None:
    """Prove that workflows survive what they were built to survive."""


@cli.command("list")
@click.argument("patterns", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="As JSON, one object for each scenario.")
def list_(patterns: tuple[str, ...], as_json: bool) -> None:  # noqa: FBT001 - click's way
    """List the scenarios, by pattern; names may be globs."""
    catalog = _catalog()
    chosen = catalog.select(patterns) if patterns else list(catalog.entries.values())
    if as_json:
        rows = [{"name": one.name, "summary": one.summary, "claims": list(one.scenario.claims)} for one in chosen]
        click.echo(json.dumps(rows, indent=2))
    else:
        _print_by_pattern(chosen)
    for name, problem in catalog.broken.items():
        click.echo(f"broken: {name}\n    {problem}", err=True)
    if catalog.broken:
        raise SystemExit(USAGE)


def _print_by_pattern(entries: Sequence[Entry]) -> None:
    width = max((len(entry.name) for entry in entries), default=0)
    pattern = ""
    for entry in entries:
        if entry.path.parent.name != pattern:
            pattern = entry.path.parent.name
            click.echo(click.style(pattern, bold=True))
        click.echo(f"  {entry.name:<{width}}  {entry.summary}")


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--times", type=click.IntRange(min=1), default=1, help="Run each so often.")
@click.option(
    "--watch/--no-watch", default=None, help="Show every event. Default: for a single scenario on a terminal."
)
@click.option("--crash-everywhere", is_flag=True, help="Once more for each event, with the worker killed there.")
@click.option("--crash-at", type=click.IntRange(min=1), multiple=True, help="Only for the event of this number.")
@click.option("--budget", type=click.FloatRange(min=0), metavar="SECONDS", help="Begin no run after so long.")
@_with_options
def run(
    names: tuple[str, ...],
    *,
    times: int,
    watch: bool | None,
    crash_everywhere: bool,
    crash_at: tuple[int, ...],
    budget: float | None,
    **options: Any,
) -> None:
    """Run scenarios by name; names may be globs such as 'saga/*'."""
    entries = _catalog().select(names)
    limit = None if budget is None else timedelta(seconds=budget)
    if crash_everywhere or crash_at:
        _crash(entries, only=crash_at, budget=limit, **options)
    alone = len(entries) == 1 and times == 1 and sys.stdout.isatty()
    watching = alone if watch is None else watch
    ended = _run(entries, times=times, watch=watching, budget=limit, command="run", **options)
    raise SystemExit(exit_code(ended.verdict))


def _crash(entries: Sequence[Entry], *, only: Sequence[int], budget: timedelta | None, **options: Any) -> NoReturn:
    """Run each scenario without a crash, then once more for each event with one, all of them in one session."""
    bases = [crash.crash_free(entry) for entry in entries]
    options["seed"] = secrets.randbelow(2**32) if options["seed"] is None else options["seed"]
    ended = _run(bases, command="crash-free", **options)
    results = {result.name: result for result in ended.results}
    schedules = [one for base in bases for one in crash.crash_everywhere(base, results[base.name], only=only)]
    ended = _run(schedules, budget=budget, command="crash", **options)
    click.echo(f"crashed at {len(ended.results)} of {len(schedules)} events")
    raise SystemExit(exit_code(ended.verdict))


@cli.command()
@click.option("--junit", type=click.Path(path_type=Path), help="Also write the JUnit XML here.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Also write the JSON report here.")
@_with_options
def gate(*, junit: Path | None, json_: Path | None, **options: Any) -> None:
    """Run every scenario; the exit code says whether to merge."""
    catalog = _catalog()
    if catalog.broken:
        raise UsageError(*(f"{name}: {problem}" for name, problem in catalog.broken.items()))
    if not catalog.entries:
        raise UsageError("there is no scenario to run; a gate that runs nothing holds nothing back.")
    ended = _run(list(catalog.entries.values()), command="gate", junit=junit, json_=json_, **options)
    raise SystemExit(exit_code(ended.verdict))


@cli.command()
@click.argument("name", required=False)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0 takes a free one.")
def fake(name: str | None, host: str, port: int) -> None:
    """Run the fake NAME by hand until Ctrl-C; without a name, list them."""
    fakes = load_fakes(*find_project(Path.cwd()))
    if name is None:
        for one, kind in fakes.items():
            click.echo(f"{one:<12} {(kind.__doc__ or '').partition(chr(10))[0]}")
        return
    if name not in fakes:
        raise UsageError(unknown("fake", name, fakes))
    asyncio.run(_serve(fakes[name], host=host, port=port))


async def _serve(kind: type[FakeService], *, host: str, port: int) -> None:
    service = kind(control=lambda running: RemoteControl(running).routes())
    await service.start(host=host, port=port)
    click.echo(f"{kind.name()} at http://{service.address}")
    for one in kind.operations().values():
        click.echo(f"  {one.name:<10} {one.method} {one.path}")
    click.echo(f"  journal    GET {CONTROL}/journal, forget it: DELETE")
    click.echo(f"  faults     GET {CONTROL}/faults, arm: POST, heal: DELETE")
    ended = asyncio.Event()
    for signalled in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signalled, ended.set)
    await ended.wait()
    await service.stop()


def _catalog() -> Catalog:
    return load_catalog(*find_project(Path.cwd()))


def _run(
    entries: Sequence[Entry],
    *,
    command: str,
    runs: Path,
    seed: int | None,
    jobs: int,
    temporal: str | None,
    temporal_provider: str | None,
    temporal_image: str | None,
    namespace: str | None,
    toxiproxy: str | None,
    toxiproxy_provider: str | None,
    toxiproxy_image: str | None,
    times: int = 1,
    watch: bool = False,
    junit: Path | None = None,
    json_: Path | None = None,
    budget: timedelta | None = None,
) -> SessionEnded:
    folder = runs / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{command}-{secrets.token_hex(2)}"
    reports: list[Report] = [
        TerminalReport(Console(highlight=False, soft_wrap=not sys.stdout.isatty()), watch=watch),
        JunitReport(folder / "junit.xml"),
        JsonReport(folder / "report.json"),
        *([JunitReport(junit)] if junit else []),
        *([JsonReport(json_)] if json_ else []),
    ]
    _log_to(folder / "application.log")
    session = Session(
        wishes=Wishes(
            temporal=temporal,
            temporal_provider=temporal_provider,
            temporal_image=temporal_image,
            namespace=namespace,
            toxiproxy=toxiproxy,
            toxiproxy_provider=toxiproxy_provider,
            toxiproxy_image=toxiproxy_image,
        ),
        folder=folder,
        seed=secrets.randbelow(2**32) if seed is None else seed,
        jobs=jobs,
        reports=reports,
        budget=budget,
    )
    return asyncio.run(_until_signalled(session, entries, times))


def _log_to(file: Path) -> None:
    """Keep what the application and the SDK log out of the terminal: with faults about, that is mostly tracebacks."""
    handler = logging.FileHandler(file, delay=True, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO)


async def _until_signalled(session: Session, entries: Sequence[Entry], times: int) -> SessionEnded:
    """Run the session; the first SIGINT or SIGTERM ends it in good order, a second one at once."""
    loop = asyncio.get_running_loop()
    running = asyncio.create_task(session.run(entries, times=times))
    signals = (signal.SIGINT, signal.SIGTERM)

    def stop() -> None:
        for one in signals:
            loop.add_signal_handler(one, partial(os._exit, 1))
        running.cancel()

    for one in signals:
        loop.add_signal_handler(one, stop)
    try:
        return await running
    finally:
        for one in signals:
            loop.remove_signal_handler(one)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; a mistake of the user's is told in one paragraph."""
    try:
        cli.main(args=None if arguments is None else list(arguments), prog_name="harness", standalone_mode=False)
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1
    except click.exceptions.Abort:
        return 1
    except asyncio.CancelledError:
        # By a signal while the servers were coming up; later on, the session tells of it.
        click.echo("harness: interrupted before anything was run.", err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return USAGE
    except HarnessError as error:
        click.echo(f"harness: {error}", err=True)
        return error.exit_code
    return 0
