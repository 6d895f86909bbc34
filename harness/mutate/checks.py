"""What else can notice a mutant: pytest files, recorded corpora and explorations, each a command with an exit code."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from harness.catalog import scenario_files
from harness.errors import UsageError
from harness.files.path_part import path_part
from harness.mutate.imports import Imports
from harness.mutate.orders import Ran
from harness.processes.guard import LOST, Child, ProcessGuard, end
from harness.settings import Explored, Histories, Settings
from harness.verdict import Verdict

PYTEST = ("-m", "pytest", "-x", "-q", "--color=no", "-p", "no:cacheprovider")


@dataclass(frozen=True, kw_only=True)
class SuiteCheck:
    """A command that passes while the application is right.

    Attributes:
        name: Its name, such as "pytest tests/test_saga.py".
        argv: The arguments of Python.
        files: What it imports, relative to the root.
    """

    name: str
    argv: Sequence[str]
    files: frozenset[Path]


class CannotRun(Exception):  # noqa: N818 - a state of the mutant
    """The code cannot be imported."""


def checks_of(root: Path, settings: Settings, tests: Sequence[Path]) -> list[SuiteCheck]:
    """Return the checks of a project: its corpora, its explorations, and the pytest files in these places.

    Args:
        root: The project's root.
        settings: Its settings.
        tests: Files, or folders with files named `test_*.py`.

    Raises:
        UsageError: One of the places does not exist; every problem at once.
    """
    missing = [one for one in tests if not (root / one).exists()]
    if missing:
        raise UsageError(*(f"--tests {one} does not exist in {root}." for one in missing))
    imports = Imports(root)

    def importing(files: Sequence[Path]) -> frozenset[Path]:
        return frozenset(one.relative_to(root) for file in files for one in imports.of(file))

    checks = [
        SuiteCheck(
            name=f"replay {one.path}",
            argv=("-m", "harness", "replay", one.path, "--strict", *_code(one)),
            files=importing([file for name in one.workflows for file in imports.files(name.partition(":")[0])]),
        )
        for one in settings.corpora
    ]
    checks += [
        SuiteCheck(
            name=f"explore {one.name}",
            argv=("-m", "harness", "explore", one.target, *_plan(one)),
            files=importing(_target(one.target, root, settings, imports)),
        )
        for one in settings.explorations
    ]
    checks += [
        SuiteCheck(
            name=f"pytest {file}", argv=(*PYTEST, str(file)), files=importing([root / file, *_conftests(root, file)])
        )
        for file in _test_files(root, tests)
    ]
    return checks


async def run_check(name: str, argv: Sequence[str], *, within: float | None, folder: Path) -> Ran:
    """Run a check in the working directory, and return what came of it.

    Args:
        name: Its name.
        argv: The arguments of Python.
        within: After how many seconds it counts as one that does not end; None for no limit.
        folder: Receives its output.

    Raises:
        CannotRun: The code cannot be imported.
    """
    log = folder / f"{path_part(name)}.log"
    began = time.monotonic()
    async with ProcessGuard() as guard:
        with log.open("wb") as output:
            process = await guard.spawn([sys.executable, *argv], stdout=output)
        try:
            with guard.required(partial(_kill, process)):
                async with asyncio.timeout(within):
                    code = await process.wait()
        except TimeoutError:
            await end(process, grace=timedelta(0))
            title = f"did not end within {within:g} s"
            return Ran(name=name, verdict=Verdict.FAILED, oracle="terminates", title=title, seconds=within or 0.0)
        if guard.lost:
            return Ran(name=name, verdict=Verdict.INCONCLUSIVE, oracle="process_guard", title=LOST, folder=str(log))
    seconds = round(time.monotonic() - began, 3)
    text = log.read_text(encoding="utf-8", errors="replace")
    verdict = verdict_of(code)
    if verdict is None:
        raise CannotRun(f"{name} exits with {code}: {_said(text)}")
    failed = verdict is not Verdict.PASSED
    oracle, title = (name.partition(" ")[0], _said(text)) if failed else ("", "")
    return Ran(name=name, verdict=verdict, oracle=oracle, title=title, seconds=seconds, folder=str(log))


def _kill(process: Child) -> None:
    with suppress(ProcessLookupError):
        process.kill()


def verdict_of(code: int) -> Verdict | None:
    """Return the verdict that an exit code of pytest or of the harness stands for; None for a mistake in the code."""
    match code:
        case 0 | 5:  # pytest: the file has no tests
            return Verdict.PASSED
        case 1:
            return Verdict.FAILED
        case 2:
            return None
        case _:
            return Verdict.INCONCLUSIVE


def _said(text: str) -> str:
    """Return the line of an output that says what failed, or the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    failed = [line for line in lines if line.startswith(("FAILED ", "ERROR "))]
    return (failed or lines[-1:] or [""])[0]


def _code(corpus: Histories) -> Iterator[str]:
    for name in corpus.workflows:
        yield from ("--workflows", name)
    for option, value in (("--data-converter", corpus.data_converter), ("--codec", corpus.codec)):
        if value:
            yield from (option, value)
    several = {
        "--interceptor": corpus.interceptors,
        "--plugin": corpus.plugins,
        "--failure-type": corpus.failure_types,
        "--passthrough": corpus.passthrough,
    }
    for option, values in several.items():
        for value in values:
            yield from (option, value)


def _plan(explored: Explored) -> Iterator[str]:
    for one in explored.inputs:
        yield from ("--input", one)
    yield from ("--faults", str(explored.faults))
    if explored.budget is not None:
        yield from ("--budget", f"{explored.budget.total_seconds():g}s")
    if explored.calls is not None:
        yield from ("--calls", str(explored.calls))
    if explored.baseline:
        yield from ("--baseline", explored.baseline)


def _target(name: str, root: Path, settings: Settings, imports: Imports) -> list[Path]:
    scenarios = scenario_files(root, settings)
    if name in scenarios:
        return [scenarios[name]]
    if (root / name).is_file():
        return [root / name]
    return list(imports.files(name.partition(":")[0]))


def _test_files(root: Path, tests: Sequence[Path]) -> list[Path]:
    found: set[Path] = set()
    for place in tests:
        path = root / place
        found |= {path} if path.is_file() else {*path.rglob("test_*.py")}
    return sorted(one.relative_to(root) for one in found)


def _conftests(root: Path, file: Path) -> list[Path]:
    return [one for parent in file.parents if (one := root / parent / "conftest.py").is_file()]
