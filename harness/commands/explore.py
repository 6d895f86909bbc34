"""`harness explore`: an application, every fault that it can meet, and those that it does not survive."""

from __future__ import annotations

import asyncio
import logging
import re
import shlex
import signal
import sys
import tempfile
import zlib
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from harness.commands._options import with_servers
from harness.environment.open import Wishes, open_environment
from harness.environment.temporal.address import server_at
from harness.environment.temporal.dev_server import dev_server
from harness.errors import UsageError
from harness.exit_codes import GREEN, exit_code
from harness.explore.backends.scenario_run import ScenarioRuns
from harness.explore.backends.scenario_target import ScenarioTarget
from harness.explore.backends.shared_worker import JOBS, SharedWorker, collect_rarely, without_ordinary_warnings
from harness.explore.load_target import load_target
from harness.explore.model.backend import Backend
from harness.explore.model.schedule import parse
from harness.explore.model.target import Target
from harness.explore.save_scenario import refuse_folder, save_findings
from harness.explore.search.campaign import Campaign, Plan
from harness.explore.search.exploration import Exploration
from harness.explore.search.resume_log import Journal, code_of
from harness.gate.baseline import load_baseline, save_baseline
from harness.gate.explored_baseline import accept, waive_all
from harness.processes.guard import ProcessGuard
from harness.reports.explore.json import write_json
from harness.reports.explore.junit import write_junit
from harness.reports.explore.terminal import ExplorationOnTerminal
from harness.settings import duration, find_project
from harness.temporal.requirements import Clock

_RUNNERS: list[asyncio.Runner] = []

WIDTH = 160
"""How wide the matrix may be where there is no terminal to say."""


@click.command("explore")
@click.argument("target_", metavar="TARGET")
@click.option("--input", "inputs", multiple=True, metavar="JSON", help="An argument of MODULE:WORKFLOW.")
@click.option("--faults", type=click.IntRange(min=1), default=1, show_default=True, help="Faults in one schedule.")
@click.option("--budget", metavar="TIME", help="Begin no schedule after so long, such as 90s or 2m.")
@click.option(
    "--calls",
    type=click.IntRange(min=1),
    metavar="N",
    help="Of an activity's calls, and of requests for one operation, meet the first N and the last.",
)
@click.option("--only", multiple=True, metavar="SCHEDULE", help="Perform this schedule, and no others.")
@click.option("--resume", is_flag=True, help="Go on where the last exploration of this target ended.")
@click.option("--real-time", is_flag=True, help="Leave all waits and timeouts as they are.")
@click.option("--json", "json_", type=click.Path(path_type=Path), help="Write the JSON report here.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write the JUnit XML here.")
@click.option("--baseline", type=click.Path(path_type=Path), help="The findings that are borne for now.")
@click.option("--update-baseline", is_flag=True, help="Bear everything that is found from now on.")
@click.option("--save", type=click.Path(path_type=Path), help="Write each finding as a scenario file there.")
@click.option("--watch", is_flag=True, help="Print each schedule as it is judged.")
@click.option(
    "-j",
    "--concurrency",
    "jobs",
    type=click.IntRange(min=1),
    default=JOBS,
    show_default=True,
    help="Schedules at once.",
)
@with_servers
def command(
    target_: str,
    *,
    inputs: tuple[str, ...],
    faults: int,
    budget: str | None,
    calls: int | None,
    only: tuple[str, ...],
    resume: bool,
    real_time: bool,
    json_: Path | None,
    junit: Path | None,
    baseline: Path | None,
    update_baseline: bool,
    save: Path | None,
    runs: Path,
    watch: bool,
    jobs: int,
    **servers: Any,
) -> None:
    """Find the faults that an application does not survive.

    TARGET is a file that declares `target = Target(...)`, a workflow as MODULE:CLASS, or the name of a scenario.
    """
    root, settings = find_project(Path.cwd())
    if save is not None:
        refuse_folder(save, target_, root=root, settings=settings)
    _refuse(resume=resume, only=only, update_baseline=update_baseline, baseline=baseline)
    wishes = Wishes(**servers)
    target = _on(wishes, load_target(target_, inputs=inputs, root=root))
    plan = Plan(
        faults=faults,
        budget=None if budget is None else _budget(budget),
        calls=calls,
        only=tuple(map(parse, only)),
        real_time=real_time,
    )
    told_of = {"target": target_, "inputs": list(inputs), "real time": real_time, "server": wishes.temporal or "ours"}
    journal = None if only else _journal(told_of, root=root, runs=runs)
    if journal is not None:
        _ = journal.resume() if resume else journal.begin()
    known = () if baseline is None else load_baseline(baseline)
    today = date.today()  # noqa: DTZ011 - a waiver ends with the day of whoever merges
    told = ExplorationOnTerminal(_console(), watch=watch)
    _quiet(runs)
    collect_rarely()
    ways = _Ways(told=told, jobs=jobs, runs=runs, journal=journal, wishes=wishes)
    # Never closed: that would wait for a thread of an activity that does not come back. The process ends anyway.
    _RUNNERS.append(asyncio.Runner())
    exploration = _RUNNERS[-1].run(_until_signalled(target_, target, plan, ways))
    exploration = accept(exploration, known, today=today)
    options = [word for one in inputs for word in ("--input", one)]
    words = shlex.join(["harness", "explore", target_, *options]) + wishes.options
    told.end(exploration, repeat=words)
    if json_ is not None:
        write_json(exploration, json_)
    if junit is not None:
        write_junit(exploration, junit)
    if save is not None:
        for path, written in save_findings(exploration, save, root=root, inputs=inputs).items():
            click.echo(f"saved: {path}" if written else f"there already, and left as it is: {path}")
    if update_baseline and baseline is not None:
        save_baseline(baseline, waive_all(exploration, known, today=today))
        click.echo(f"{baseline}: every finding is borne from now on; write down why, and who sees to it.")
        raise SystemExit(GREEN)
    raise SystemExit(exit_code(exploration.verdict))


def _refuse(*, resume: bool, only: tuple[str, ...], update_baseline: bool, baseline: Path | None) -> None:
    problems = []
    if update_baseline and baseline is None:
        problems.append("--update-baseline needs --baseline, the file to write.")
    if resume and only:
        problems.append("--resume goes on with a whole campaign; --only performs nothing but what it names.")
    if problems:
        raise UsageError(*problems)


@dataclass(frozen=True, kw_only=True)
class _Ways:
    """How a plan is carried out."""

    told: ExplorationOnTerminal
    jobs: int
    runs: Path
    journal: Journal | None
    wishes: Wishes


def _with_a_journal(wishes: Wishes) -> Wishes:
    """Prefer the Toxiproxy that tells on which connections a fault acted: of several at once, others cannot say."""
    chosen = wishes.toxiproxy or wishes.toxiproxy_provider
    return wishes if chosen else replace(wishes, toxiproxy_provider="embedded")


def _on(wishes: Wishes, target: Target) -> Target:
    """Return the target as it is explored on such a server: one of the user's own has a real clock, and an index."""
    if not isinstance(target, ScenarioTarget):
        others = replace(wishes, temporal=None, namespace=None).options.strip()
        if others:
            raise UsageError(f"{others} is about the surroundings of a scenario, which this target has none of.")
    if wishes.temporal is None:
        return target
    if isinstance(target, ScenarioTarget):
        # What it asks of its server beside, it is refused there as any run of it is.
        real = replace(target.scenario, server=replace(target.scenario.server, clock=Clock.REAL))
        return replace(target, scenario=real, clock=Clock.REAL)
    if target.clock is Clock.SKIPPING:
        raise UsageError(
            "the target wants a skipping clock, which only a server of ours has. Leave --temporal out, or the clock."
        )
    return replace(target, clock=Clock.REAL, lists=True)


async def _until_signalled(name: str, target: Target, plan: Plan, ways: _Ways) -> Exploration:
    """Explore; the first SIGINT or SIGTERM ends it in good order."""
    running = asyncio.create_task(_explore(name, target, plan, ways))
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, running.cancel)
    return await running


async def _explore(name: str, target: Target, plan: Plan, ways: _Ways) -> Exploration:
    async with AsyncExitStack() as stack:
        backend: Backend
        if isinstance(target, ScenarioTarget):
            stack.enter_context(without_ordinary_warnings())
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="explore-", dir=ways.runs)))
            environment = await stack.enter_async_context(open_environment(_with_a_journal(ways.wishes), folder=folder))
            backend = ScenarioRuns(target, environment, folder=folder, jobs=ways.jobs, real_time=plan.real_time)
        else:
            backend = await _explorer(target, plan, ways, stack)
        return await Campaign(name, backend, plan, tell=ways.told.notify, journal=ways.journal).run()


async def _explorer(target: Target, plan: Plan, ways: _Ways, stack: AsyncExitStack) -> SharedWorker:
    if ways.wishes.temporal is not None:
        server = await server_at(ways.wishes.temporal, namespace=ways.wishes.namespace)
    else:
        guard = await stack.enter_async_context(ProcessGuard())
        wanted = target.server(real_time=plan.real_time)
        log = ways.runs / "explore-temporal.log"
        server = await stack.enter_async_context(dev_server(guard=guard, log=log, wanted=wanted))
    explorer = SharedWorker(target, server.client, jobs=ways.jobs, real_time=plan.real_time, exits=True)
    await stack.enter_async_context(explorer.working())
    return explorer


def _journal(told: dict[str, Any], *, root: Path, runs: Path) -> Journal:
    """Return the journal of a target's campaign; another target, or another input, has another one."""
    name = re.sub(r"[^\w.]+", "-", told["target"]).strip("-.")
    number = zlib.crc32(repr((told["target"], tuple(told["inputs"]))).encode())
    return Journal(runs / "explored" / f"{name}-{number:08x}.jsonl", about={**told, "code": code_of(root)})


def _quiet(runs: Path) -> None:
    """Keep what the application and the SDK log off the terminal: with faults about, that is mostly tracebacks."""
    runs.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(runs / "explore-application.log", delay=True, encoding="utf-8")
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    filtered = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=filtered))))


def _console() -> Console:
    if sys.stdout.isatty():
        return Console(highlight=False)
    return Console(highlight=False, soft_wrap=True, width=WIDTH)


def _budget(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise UsageError(f"--budget {error}.") from error
