"""One exploration, from its target to what came out: servers, a backend, a campaign, and a log to resume from."""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from harness.environment.open import Wishes, open_environment
from harness.environment.temporal.address import server_at
from harness.environment.temporal.dev_server import dev_server
from harness.environment.temporal.server import require_search_attributes
from harness.errors import UsageError
from harness.explore.backends.loop_worker import without_ordinary_warnings
from harness.explore.backends.scenario_runs import ScenarioRuns
from harness.explore.backends.scenario_target import ScenarioTarget
from harness.explore.backends.shared_worker import JOBS, SharedWorker, collect_rarely
from harness.explore.backends.simulated_first import SimulatedFirst
from harness.explore.backends.simulated_worker import SimulatedWorker
from harness.explore.load_target import load_target
from harness.explore.model.backend import Backend
from harness.explore.model.target import Target
from harness.explore.model.where import Where
from harness.explore.search.campaign import Campaign, CampaignPlan
from harness.explore.search.exploration import Exploration
from harness.explore.search.judge import Judged
from harness.explore.search.resume_log import ResumeLog, code_of
from harness.files.kept_output import kept_output
from harness.files.path_part import path_part
from harness.files.temporary_folder import temporary_folder
from harness.library_internals.simulated_bridge import AVAILABLE, INSTALLED, NEEDED
from harness.processes.guard import ProcessGuard
from harness.processes.interpreter_guard import interpreter_guard
from harness.processes.startup import ending_signals
from harness.redaction.active import RedactingFormatter
from harness.redaction.logs import log_sizes, redact_logs
from harness.temporal.requirements import Clock

Notify = Callable[[Judged, int, int], None]

OUTPUT = "explore-application.log"
"""The file in which stands what the application, the SDK and its core print and log."""

SAMPLE_SEED = 0
"""What the sample is drawn from that is run in simulation and on the real server: the same each time."""

NO_SCENARIOS = "a scenario's fakes are not simulated, so all schedules ran on a real server."

TOO_OLD = f"the simulation needs temporalio >= {'.'.join(map(str, NEEDED))}, and {INSTALLED} is installed"

SIMULATED_ONLY = "all schedules ran in simulation only; no real server has confirmed anything of this."

_RUNNERS: list[asyncio.Runner] = []


@dataclass(frozen=True, kw_only=True)
class ExploreSession:
    """An exploration, as its command line describes it.

    Attributes:
        name: The target, as it was named.
        inputs: The arguments of MODULE:WORKFLOW, as JSON.
        plan: What to explore.
        root: The project's root.
        runs: Where logs are kept.
        wishes: Which servers to use.
        jobs: How many schedules run concurrently.
        where: Where they run.
        resume: Whether to continue where the last exploration of this target ended.
        notify: Receives each run as it is judged, its number, and how many there are.
    """

    name: str
    inputs: Sequence[str]
    plan: CampaignPlan
    root: Path
    runs: Path
    wishes: Wishes
    jobs: int = JOBS
    where: Where = Where.SERVER
    resume: bool = False
    notify: Notify = lambda _judged, _done, _of: None

    def run(self) -> Exploration:
        """Explore; the first SIGINT, SIGTERM or SIGHUP ends it in good order.

        Raises:
            UsageError: The target cannot be explored like this, or there is nothing to resume.
            HarnessError: The worker or the target itself is broken.
        """
        printed, began, kept = self.runs / OUTPUT, time.time(), log_sizes(self.runs)
        with kept_output(printed):
            target = on_server(self.wishes, load_target(self.name, inputs=self.inputs, root=self.root))
        if self.where is Where.SIMULATED and isinstance(target, ScenarioTarget):
            raise UsageError(
                "--backend simulated runs no scenario, since a scenario's fakes are real; leave it out for "
                f"{self.name}, or explore a target file."
            )
        if self.where is Where.SIMULATED and self.wishes.temporal is not None:
            raise UsageError("--backend simulated uses no server; leave out --temporal, or use --backend auto.")
        if self.where is Where.SIMULATED and not AVAILABLE:
            raise UsageError(f"{TOO_OLD}. Upgrade it, or leave out --backend simulated.")
        log = None if self.plan.only else self._log()
        if log is not None:
            _ = log.resume() if self.resume else log.begin()
        _quiet(self.runs)
        collect_rarely()
        # Never closed: that would wait for a thread of an activity that does not come back. The process ends anyway.
        _RUNNERS.append(asyncio.Runner())
        come = ["explored nothing beyond the fault-free run"]

        def notify(judged: Judged, done: int, of: int) -> None:
            come[:] = [f"explored {done} of {of} schedules"]
            self.notify(judged, done, of)

        try:
            with interpreter_guard(lambda: come[0], hint="Continue with --resume."), kept_output(printed):
                return replace(_RUNNERS[-1].run(self._until_signalled(target, log, notify)), code=target.code)
        finally:
            redact_logs(self.runs, since=began, behind=kept)

    def _log(self) -> ResumeLog:
        """Return the log of a target's campaign; another target, or another input, has another one."""
        number = zlib.crc32(repr((self.name, tuple(self.inputs))).encode())
        about = {
            "target": self.name,
            "inputs": list(self.inputs),
            "real time": self.plan.real_time,
            "server": self.wishes.temporal or "dev server",
            "backend": str(self.where),
            "code": code_of(self.root),
        }
        return ResumeLog(self.runs / "explored" / f"{path_part(self.name)}-{number:08x}.jsonl", about=about)

    async def _until_signalled(self, target: Target, log: ResumeLog | None, notify: Notify) -> Exploration:
        running = asyncio.create_task(self._explore(target, log, notify))
        for one in ending_signals():
            asyncio.get_running_loop().add_signal_handler(one, running.cancel)
        return await running

    async def _explore(self, target: Target, log: ResumeLog | None, notify: Notify) -> Exploration:
        async with AsyncExitStack() as stack:
            if isinstance(target, ScenarioTarget) or self.where is Where.SERVER or not AVAILABLE:
                found = await self._on_server(target, stack, log, notify)
                why = NO_SCENARIOS if AVAILABLE else f"{TOO_OLD}: all schedules ran on a real server."
                return found if self.where is Where.SERVER else replace(found, notes=(*found.notes, why))
            simulated = SimulatedWorker(target, real_time=self.plan.real_time)
            await stack.enter_async_context(simulated.working())
            if self.where is Where.SIMULATED:
                found = await Campaign(self.name, simulated, self.plan, notify=notify, resume_log=log).run()
                return replace(found, notes=(*found.notes, SIMULATED_ONLY))
            return await self._simulated_first(target, simulated, stack, log, notify)

    async def _on_server(
        self, target: Target, stack: AsyncExitStack, log: ResumeLog | None, notify: Notify
    ) -> Exploration:
        backend = await self._backend(target, stack)
        return await Campaign(self.name, backend, self.plan, notify=notify, resume_log=log).run()

    async def _simulated_first(
        self,
        target: Target,
        simulated: SimulatedWorker,
        stack: AsyncExitStack,
        log: ResumeLog | None,
        notify: Notify,
    ) -> Exploration:
        real = await self._shared_worker(target, stack)
        both = SimulatedFirst(simulated, real)
        campaign = Campaign(self.name, both, self.plan, notify=notify, resume_log=log, confirm=both.confirm)
        found = await campaign.run()
        differs = "" if found.interrupted else await both.difference(found.judged, seed=SAMPLE_SEED)
        if not differs:
            return replace(found, notes=(*found.notes, *both.ran))
        if log is not None:
            log.begin()
        again = await Campaign(self.name, real, self.plan, notify=notify, resume_log=log).run()
        note = f"{differs}. Nothing is believed of the simulation therefore: all schedules ran on the real server."
        return replace(again, notes=(*again.notes, note))

    async def _backend(self, target: Target, stack: AsyncExitStack) -> Backend:
        if isinstance(target, ScenarioTarget):
            stack.enter_context(without_ordinary_warnings())
            folder = stack.enter_context(temporary_folder(prefix="explore-tmp-", place=self.runs))
            environment = await stack.enter_async_context(open_environment(_with_a_journal(self.wishes), folder=folder))
            return ScenarioRuns(target, environment, jobs=self.jobs, real_time=self.plan.real_time)
        return await self._shared_worker(target, stack)

    async def _shared_worker(self, target: Target, stack: AsyncExitStack) -> SharedWorker:
        guard = None
        if self.wishes.temporal is not None:
            server = await server_at(self.wishes.temporal, namespace=self.wishes.namespace)
            await require_search_attributes(server, target.server().search_attributes)
        else:
            guard = await stack.enter_async_context(ProcessGuard())
            wanted = target.server(real_time=self.plan.real_time)
            log = self.runs / "explore-temporal.log"
            server = await stack.enter_async_context(dev_server(guard=guard, log=log, wanted=wanted))
        worker = SharedWorker(target, server.client, jobs=self.jobs, real_time=self.plan.real_time)
        await stack.enter_async_context(worker.working())
        if guard is not None:
            stack.enter_context(guard.required(worker.give_up))
        return worker


def on_server(wishes: Wishes, target: Target) -> Target:
    """Return the target as it is explored on a server: your own has a real clock, and an index of workflows.

    Raises:
        UsageError: The target cannot be explored there.
    """
    if not isinstance(target, ScenarioTarget):
        others = replace(wishes, temporal=None, temporal_allow=(), namespace=None).options.strip()
        if others:
            raise UsageError(f"{others} configures servers that only a scenario uses; leave it out for this target.")
    if wishes.temporal is None:
        return target
    if isinstance(target, ScenarioTarget):
        # What else it requires of its server is refused there as for any run of it.
        real = replace(target.scenario, server=replace(target.scenario.server, clock=Clock.REAL))
        return replace(target, scenario=real, clock=Clock.REAL)
    if target.clock is Clock.SKIPPING:
        raise UsageError(
            "the target declares clock=Clock.SKIPPING, which only the dev server has. "
            "Leave out --temporal, or the target's clock."
        )
    return replace(target, clock=Clock.REAL, lists=True)


def _with_a_journal(wishes: Wishes) -> Wishes:
    """Prefer the Toxiproxy that records on which connections a fault acted: of several at once, others cannot say."""
    chosen = wishes.toxiproxy or wishes.toxiproxy_provider
    return wishes if chosen else replace(wishes, toxiproxy_provider="embedded")


def _quiet(runs: Path) -> None:
    """Keep what the application and the SDK log off the terminal: under faults, that is mostly tracebacks."""
    runs.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(runs / OUTPUT, delay=True, encoding="utf-8")
    handler.setFormatter(RedactingFormatter(logging.BASIC_FORMAT))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    # The sandbox warns of each module that a workflow imports while it runs.
    logging.captureWarnings(capture=True)
    filtered = TelemetryFilter(core_level="ERROR", other_level="ERROR")
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter=filtered))))
