"""One session of runs, from its options to its reports."""

from __future__ import annotations

import logging
import secrets
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from temporalio.runtime import LogForwardingConfig, LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from harness.catalog import Catalog, Entry, load_catalog
from harness.environment.open import Wishes
from harness.files.printable import say
from harness.processes.interpreter_guard import HELD_FOR, interpreter_guard
from harness.processes.interrupts import Signals
from harness.redaction.active import RedactingFormatter, active
from harness.reports.session.html import HtmlReport
from harness.reports.session.json import JsonReport
from harness.reports.session.junit import JunitReport
from harness.reports.session.markdown import MarkdownReport
from harness.reports.text import plural
from harness.results import Report, Reports, SessionEnded
from harness.run.hold import Hold
from harness.sessions.jobs import JOBS
from harness.sessions.session import Session
from harness.settings import find_project
from harness.testbed.ports import Part
from harness.workers.interpreter import interpreter_of

if TYPE_CHECKING:
    from harness.reports.session.terminal import TerminalReport

HELD = "With workers=WorkerProcesses(), the deadline of its scenario ends the run instead."
"""What to do about code in C that holds the interpreter."""


def catalog_here(only: Sequence[str] = ("*",)) -> Catalog:
    """Return the scenarios of the project in the working directory, or those with such names."""
    return load_catalog(*find_project(Path.cwd()), only)


def new_folder(runs: Path, command: str) -> Path:
    """Return a unique folder name for a session, even if another one starts in the same second."""
    return runs / f"{datetime.now().astimezone():%Y%m%d-%H%M%S}-{command}-{secrets.token_hex(2)}"


def files_in(folder: Path, *, decided: bool = False) -> list[Report]:
    """Return the reports that every session writes to its folder."""
    return [
        JunitReport(folder / "junit.xml"),
        JsonReport(folder / "report.json"),
        MarkdownReport(folder / "summary.md"),
        HtmlReport(folder / "report.html", decided=decided),
    ]


def terminal(*, watch: bool = False) -> TerminalReport:
    """Return the report for standard output: a terminal or a log."""
    # Here and not at the top: [server] brings what this needs.
    from rich.console import Console  # noqa: PLC0415

    from harness.reports.session.terminal import TerminalReport  # noqa: PLC0415

    return TerminalReport(Console(highlight=False, soft_wrap=not sys.stdout.isatty()), watch=watch)


def run_session(
    entries: Sequence[Entry],
    *,
    signals: Signals,
    command: str,
    runs: Path,
    seed: int | None,
    jobs: int | None,
    times: int = 1,
    watch: bool = False,
    budget: timedelta | None = None,
    hold: Hold | None = None,
    ui: bool = False,
    folder: Path | None = None,
    reports: Sequence[Report] | None = None,
    further: Sequence[Report] = (),
    **wishes: Any,
) -> SessionEnded:
    """Run scenarios and notify the reports; by default the terminal, the files in its folder, and further ones.

    When a run is held, a signal releases it; otherwise a signal ends the session.

    Raises:
        asyncio.CancelledError: A signal came before anything ran.
    """
    folder = folder or new_folder(runs, command)
    _log_to(folder / "application.log")
    root, settings = find_project(Path.cwd())
    interpreter = interpreter_of(settings, root)
    servers = Wishes(**wishes, ui=ui, policy_allow=settings.temporal_allow, interpreter=interpreter)
    if servers.elsewhere and reports != []:
        say(f"Temporal server {servers.temporal} is not on this machine, and is allowed. {_touched(entries)}", err=True)
    own = Reports([terminal(watch=watch), *files_in(folder), *further])
    session = Session(
        wishes=servers,
        folder=folder,
        seed=secrets.randbelow(2**32) if seed is None else seed,
        jobs=jobs or JOBS,
        reports=[own] if reports is None else reports,
        budget=budget,
        hold=hold,
        command=active().text(shlex.join(["harness", *sys.argv[1:]])),
    )
    longest = max((one.scenario.deadline for one in entries), default=HELD_FOR)
    with interpreter_guard(lambda: session.progress, hint=HELD, held_for=max(HELD_FOR, longest)):
        ended = signals.run(session.run(entries, times=times), instead=None if hold is None else hold.let_go)
    if reports is None:
        own.close()
    return ended


def _touched(entries: Sequence[Entry]) -> str:
    """Say what these runs do on the Temporal server."""
    scenarios = [entry.scenario for entry in entries]
    workflows = sorted({one.workflow_name.removesuffix(".run") for one in scenarios})
    parts = (Part.WORKERS, Part.LINK)
    faults = sorted({name for one in scenarios for name, fault in one.fault_names.items() if fault.on in parts})
    return (
        f"There, on task queues of their own: {plural(len(scenarios), 'scenario')} with the workflows "
        f"{', '.join(workflows)}. "
        f"Faults on workers and their connections to it: {', '.join(faults) or 'none'}."
    )


def log_handler(file: Path) -> logging.Handler:
    """Return what writes the log of the application and the SDK to a file, which is made with the first line."""
    handler = logging.FileHandler(file, delay=True, encoding="utf-8")
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    return handler


def _log_to(file: Path) -> None:
    """Write the log of the application and the SDK to a file: with faults it is mostly tracebacks."""
    logging.basicConfig(handlers=[log_handler(file)], level=logging.INFO)
    # The sandbox warns of each module that a workflow imports while it runs: dozens of lines before the verdict.
    logging.captureWarnings(capture=True)
    # The SDK's core, in Rust, writes its warnings to the terminal by default. In worker processes that is the log.
    forwarding = LogForwardingConfig(logger=logging.getLogger("temporalio.core"), prepend_target_on_message=False)
    logs = LoggingConfig(filter=TelemetryFilter(core_level="WARN", other_level="ERROR"), forwarding=forwarding)
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=logs)), error_if_already_set=False)
