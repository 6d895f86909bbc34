"""One session of mutation testing: which scenarios can notice a mutant, and which mutants they do not notice."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from harness.catalog import scenario_files
from harness.environment.open import Environment, Wishes, open_environment
from harness.errors import EnvironmentUnavailable, UsageError
from harness.files.temporary_folder import temporary_folder
from harness.mutate.checks import SuiteCheck, checks_of
from harness.mutate.copies import Copy
from harness.mutate.fate import Fate, Mutation, Tried
from harness.mutate.imports import Imports
from harness.mutate.mutant import Mutant
from harness.mutate.mutants import mutants_of, operators
from harness.mutate.orders import Ran, Reported, TrialOrders, read
from harness.run.held_up import MACHINE
from harness.settings import Settings
from harness.verdict import Verdict
from harness.workers.fork_server import PRELOADED, ForkServer

CORES = os.cpu_count() or 1
"""How many mutants are tried at a time by default."""

CONCURRENT = 6
"""How many runs are concurrent, over all mutants that are tried at a time."""

LONGEST = 10.0
"""How many times as long as without a mutant a run may take until it counts as one that does not end."""

AT_LEAST = 10.0
"""How many seconds it may take anyhow."""

ENDS_WITHIN = 30.0
"""How many seconds a process may take besides its runs."""

TRIAL = "harness.mutate.trial"
"""What a process for a mutant runs."""

Notify = Callable[[Tried, int, int], None]
"""Takes a mutant that was tried, how many were, and how many there are."""


@dataclass(frozen=True, kw_only=True)
class MutateSession:
    """A session, as its command line describes it.

    Attributes:
        files: The files to mutate, relative to the root; none for all that the scenarios run.
        root: The project's root.
        settings: Its settings.
        wishes: Which servers to use.
        folder: The folder of the session.
        seed: What chance is drawn from.
        tests: Where the pytest files are that are run, too, relative to the root.
        changed: The lines to mutate, by file; None for all.
        only: Try only mutants whose file and name contain one of these; none for all.
        generic: Whether the generic operators are used, too.
        budget: After this time no further mutant is tried; None for no limit.
        jobs: How many mutants are tried at a time.
        notify: Takes each mutant that was tried.
        announce: Takes a line that says what is about to run.
    """

    files: Sequence[Path]
    root: Path
    settings: Settings
    wishes: Wishes
    folder: Path
    seed: int
    tests: Sequence[Path] = ()
    changed: Mapping[Path, frozenset[int]] | None = None
    only: Sequence[str] = ()
    generic: bool = False
    budget: timedelta | None = None
    jobs: int = CORES
    notify: Notify = lambda *_: None
    announce: Callable[[str], None] = lambda _: None
    _began: float = field(default_factory=time.monotonic, init=False)

    async def run(self) -> Mutation:
        """Try every mutant of the files.

        Raises:
            UsageError: A file cannot be mutated; every problem at once.
            EnvironmentUnavailable: A server is not available.
        """
        checks = {one.name: one for one in checks_of(self.root, self.settings, self.tests)}
        suite = suite_by_file(self.root, self.settings, checks.values())
        files = self._chosen(suite)
        using = operators(generic=self.generic)
        mutants = [
            one
            for file in files
            for one in mutants_of(file, (self.root / file).read_text(encoding="utf-8"), using)
            if (self.changed is None or self.changed.get(file, frozenset()) & {*one.lines})
            and (not self.only or any(word in one.id for word in self.only))
        ]
        async with self._processes(checks) as processes:
            names = sorted({name for one in mutants for name in suite[one.file]})
            self.announce(
                f"{len(mutants)} mutants of {len(files)} files; first, {len(names)} scenarios and checks run as is"
            )
            known = await processes.measure(names, files)
            trying = time.monotonic()
            tried, interrupted = await self._try_all(mutants, suite, known, processes)
        return Mutation(
            tried=tried,
            not_passing=[f"{one.name}: {one.verdict}, {one.title}" for one in known.values() if not _passed(one)],
            scenarios=len(names),
            took=timedelta(seconds=time.monotonic() - self._began),
            trying=timedelta(seconds=time.monotonic() - trying),
            interrupted=interrupted,
            whole_files=[one.as_posix() for one in files] if self.changed is None and not self.only else [],
        )

    def _chosen(self, suite: Mapping[Path, Sequence[str]]) -> list[Path]:
        if not self.files:
            return sorted(file for file in suite if _is_durable(self.root / file))
        problems = [f"{one} does not exist." for one in self.files if not (self.root / one).is_file()]
        problems += [
            f"no scenario imports {one}; name the file of a workflow or of activities that a scenario runs, "
            "or with --tests the tests that import it."
            for one in self.files
            if (self.root / one).is_file() and one not in suite
        ]
        if problems:
            raise UsageError(*problems)
        return list(dict.fromkeys(self.files))

    @asynccontextmanager
    async def _processes(self, checks: Mapping[str, SuiteCheck]) -> AsyncIterator[_Processes]:
        async with open_environment(self.wishes, folder=self.folder, seed=self.seed) as environment:
            preloaded = (*PRELOADED, TRIAL)
            fork_server = ForkServer(environment.guard, log=self.folder / "fork_server.log", preloaded=preloaded)
            with temporary_folder() as place:
                copies = [Copy(self.root, place / str(number)) for number in range(self.jobs)]
                try:
                    yield _Processes(self, environment, fork_server, copies, checks)
                finally:
                    await fork_server.close()

    async def _try_all(
        self,
        mutants: Sequence[Mutant],
        suite: Mapping[Path, Sequence[str]],
        known: Mapping[str, Ran],
        processes: _Processes,
    ) -> tuple[list[Tried], bool]:
        fates: dict[str, Tried] = {}
        convictions: Counter[tuple[str, str]] = Counter()

        async def one(mutant: Mutant) -> None:
            names = [name for name in suite[mutant.file] if _notices(known.get(name), mutant)]
            names.sort(
                key=lambda name: (*(-convictions[place, name] for place in _places(mutant)), known[name].seconds)
            )
            async with processes.copy() as copy:
                if self._over_budget():
                    return
                tried = await processes.attempt(mutant, {name: known[name].seconds for name in names}, copy)
            fates[mutant.id] = tried
            if tried.fate is Fate.CONVICTED:
                convictions.update((place, tried.scenario) for place in _places(mutant))
            self.notify(tried, len(fates), len(mutants))

        interrupted = False
        try:
            async with asyncio.TaskGroup() as group:
                for mutant in mutants:
                    group.create_task(one(mutant))
        except asyncio.CancelledError:
            interrupted = True
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a coroutine runs in one
            task.uncancel()
        return [fates.get(one.id, Tried(mutant=one, fate=Fate.NOT_TRIED)) for one in mutants], interrupted

    def _over_budget(self) -> bool:
        return self.budget is not None and time.monotonic() - self._began >= self.budget.total_seconds()


def suite_by_file(root: Path, settings: Settings, checks: Iterable[SuiteCheck] = ()) -> dict[Path, list[str]]:
    """Return the scenarios and checks that import a file of the application, by that file.

    The files of the scenarios, of fakes, of tests and of the harness itself are no application's.
    """
    imports, scenarios = Imports(root), scenario_files(root, settings)
    importing = {name: {one.relative_to(root) for one in imports.of(path)} for name, path in scenarios.items()}
    importing |= {one.name: {*one.files} for one in checks}
    others = [root / one for one in (*settings.fakes, *settings.tests)] + [Path(__file__).parents[1]]
    found: dict[Path, list[str]] = {}
    for name, files in importing.items():
        for one in files:
            path = root / one
            if path not in scenarios.values() and not any(path.is_relative_to(other) for other in others):
                found.setdefault(one, []).append(name)
    return found


def _is_durable(file: Path) -> bool:
    text = file.read_text(encoding="utf-8")
    return "workflow.defn" in text or "activity.defn" in text


def _passed(ran: Ran) -> bool:
    return ran.verdict is Verdict.PASSED


def _notices(ran: Ran | None, mutant: Mutant) -> bool:
    """Whether a scenario passes without a mutant, and runs the lines that it changes."""
    if ran is None or not _passed(ran):
        return False
    if ran.lines is None or not mutant.in_function:
        return True
    return bool({*mutant.lines} & {*ran.lines.get(str(mutant.file), ())})


def _places(mutant: Mutant) -> tuple[str, str]:
    """Return the function and the file of a mutant: what convicted one there likely convicts the next."""
    return mutant.id.partition(":")[0], str(mutant.file)


class _Processes:
    """Runs scenarios in copies, each time in a new process; all share the servers."""

    def __init__(
        self,
        session: MutateSession,
        environment: Environment,
        fork_server: ForkServer,
        copies: Sequence[Copy],
        checks: Mapping[str, SuiteCheck],
    ) -> None:
        self._checks = checks
        self._session = session
        self._environment = environment
        self._fork_server = fork_server
        self._numbers = 0
        self._copies: asyncio.Queue[Copy] = asyncio.Queue()
        for one in copies:
            self._copies.put_nowait(one)

    @asynccontextmanager
    async def copy(self) -> AsyncIterator[Copy]:
        """Have a copy that nobody else uses."""
        copy = await self._copies.get()
        try:
            yield copy
        finally:
            self._copies.put_nowait(copy)

    async def measure(self, names: Sequence[str], files: Sequence[Path]) -> dict[str, Ran]:
        """Run scenarios one by one without a mutant, and return what each runs and how long it takes.

        Raises:
            EnvironmentUnavailable: A process could not run them.
        """

        async def some(part: Sequence[str]) -> Sequence[Ran]:
            async with self.copy() as copy:
                reported = await self._run(dict.fromkeys(part), copy, within=None, covered=[str(one) for one in files])
            why = reported.broken or reported.unavailable
            if why or not reported.finished:
                why = why or f"their process died; see {self._session.folder}"
                raise EnvironmentUnavailable(f"the scenarios cannot be run without a mutant: {why}.")
            return reported.runs

        jobs = self._session.jobs
        parts = [names[number::jobs] for number in range(jobs) if names[number::jobs]]
        runs = await asyncio.gather(*(some(part) for part in parts))
        return {one.name: one for part in runs for one in part}

    async def attempt(self, mutant: Mutant, names: Mapping[str, float], copy: Copy) -> Tried:
        """Run these scenarios with a mutant until one fails.

        Args:
            mutant: The mutant.
            names: The scenarios, and how many seconds each takes without it.
            copy: Where to write it.
        """
        if not names:
            return Tried(mutant=mutant, fate=Fate.SURVIVED)
        deadlines = {name: max(AT_LEAST, LONGEST * seconds) for name, seconds in names.items()}
        within = ENDS_WITHIN + 2 * max(deadlines.values()) + 3 * sum(names.values())
        began = time.monotonic()
        with copy.changed(mutant.file, mutant.text):
            reported = await self._run(deadlines, copy, within=within)
            if nobodys_fault(reported):
                reported = await self._run(deadlines, copy, within=within)
        tried = fate_of(mutant, reported)
        return replace(tried, seconds=round(time.monotonic() - began, 3))

    async def _run(
        self, names: Mapping[str, float | None], copy: Copy, *, within: float | None, covered: Sequence[str] = ()
    ) -> Reported:
        session, environment = self._session, self._environment
        self._numbers += 1
        folder = session.folder / f"{self._numbers:04}"
        folder.mkdir()
        report = folder / "trial.jsonl"
        orders = TrialOrders(
            root=str(session.root),
            copy=str(copy.folder),
            folder=str(folder.absolute()),
            report=str(report.absolute()),
            scenarios={name: limit for name, limit in names.items() if name not in self._checks},
            checks={name: self._checks[name].argv for name in names if name in self._checks},
            limits={name: limit for name, limit in names.items() if limit is not None},
            jobs=max(1, CONCURRENT // session.jobs),
            temporal=environment.temporal.address,
            namespace=environment.temporal.namespace,
            toxiproxy=environment.toxiproxy.address,
            joins=session.wishes.temporal is None,
            seed=session.seed,
            covered=covered,
        )
        process = await self._fork_server.fork(orders.to_text(), log=folder / "trial.log", entry=f"{TRIAL}:main")
        try:
            async with asyncio.timeout(within):
                await process.wait()
        except TimeoutError:
            pass
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        reported = read(report)
        for one in reported.runs:
            if _passed(one):
                shutil.rmtree(one.folder, ignore_errors=True)
        return reported


def nobodys_fault(reported: Reported) -> bool:
    """Whether a mutant was not judged for reasons of the machine alone, so that it is worth another try."""
    failed = any(one.verdict is Verdict.FAILED for one in reported.runs)
    return bool(reported.unavailable) or (not failed and any(one.oracle == MACHINE for one in reported.runs))


def fate_of(mutant: Mutant, reported: Reported) -> Tried:
    """Return what became of a mutant, from what its process reported."""
    ran = [one.name for one in reported.runs]
    worst = max(reported.runs, key=lambda one: one.verdict, default=None)
    if worst is not None and worst.verdict is Verdict.FAILED:
        fate = Fate.CONVICTED
    elif reported.unavailable:
        return Tried(mutant=mutant, fate=Fate.NOT_TRIED, title=reported.unavailable, ran=ran)
    elif reported.broken:
        return Tried(mutant=mutant, fate=Fate.COULD_NOT_RUN, title=reported.broken, ran=ran)
    elif not reported.finished:
        return Tried(mutant=mutant, fate=Fate.HUNG, ran=ran)
    elif worst is not None and worst.verdict is Verdict.INCONCLUSIVE:
        fate = Fate.INCONCLUSIVE
    else:
        return Tried(mutant=mutant, fate=Fate.SURVIVED, ran=ran)
    return Tried(mutant=mutant, fate=fate, scenario=worst.name, oracle=worst.oracle, title=worst.title, ran=ran)
