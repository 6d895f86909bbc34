"""Many histories in several processes, each under a deadline, so that none can hold up or bring down the others."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.errors import EnvironmentUnavailable, UsageError
from harness.processes.guard import ProcessGuard
from harness.replay.engine.code import Code
from harness.replay.engine.compare_revisions import changed
from harness.replay.histories.folder import Found
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome, from_json

UP_WITHIN = timedelta(seconds=60)
"""How long a process may take to import the code and to validate its workflows."""


GONE_WITHIN = timedelta(seconds=5)
"""How long a process that has hung up may take to be gone."""


@dataclass(frozen=True, kw_only=True)
class ReplayPlan:
    """How histories are to be replayed.

    Attributes:
        code: Against which code.
        path: Import path of that code, before this process's own.
        processes: In how many processes.
        deadline: How long one history may take, the search for its break age included.
        seed: What PYTHONHASHSEED is counted from, a different one for each process.
        break_age: Whether to find out from which age on open runs would break.
        against: Import path of a second revision of the same code, to be compared command by command.
        coverage: Folder for what is measured of the workflow code; None measures nothing.
    """

    code: Code
    path: tuple[str, ...] = ()
    processes: int = 1
    deadline: timedelta = timedelta(seconds=60)
    seed: int = 0
    break_age: bool = True
    against: tuple[str, ...] = ()
    coverage: Path | None = None


async def replay_files(
    files: Sequence[Found], plan: ReplayPlan, *, log: Path, told: Callable[[Judgement], None] = lambda _: None
) -> list[Judgement]:
    """Replay every file; what cannot be read or replayed is judged as such.

    The largest are begun first, and whoever is free takes the next, so that all processes end at about the same time.
    When cancelled, what has not been judged is judged as interrupted.

    Args:
        files: Which.
        plan: How.
        log: Receives what the processes print.
        told: Is told each judgement as it is reached.

    Returns:
        The judgements, in the order of their files.

    Raises:
        UsageError: The code cannot be loaded.
        EnvironmentUnavailable: No process can be started.
    """
    waiting = deque(files)
    judged: dict[Path, Judgement] = {}

    def keep(found: Found, judgement: Judgement) -> None:
        judged[found.path] = judgement
        told(judgement)

    try:
        async with ProcessGuard() as guard, _all_or_none() as group:
            for number in range(min(plan.processes, len(files))):
                group.create_task(_work(waiting, keep, plan, guard=guard, log=log, number=number))
    except asyncio.CancelledError:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        task.uncancel()
        for found in files:
            if found.path not in judged:
                keep(found, _lost(found, NotJudged.INTERRUPTED, "the session was interrupted before it was judged."))
    return _told_twice([judged[one.path] for one in sorted(files, key=lambda one: str(one.path))])


@asynccontextmanager
async def _all_or_none() -> AsyncIterator[asyncio.TaskGroup]:
    """Let the first error out as it is: every process meets the same trouble with the same code."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _work(
    waiting: deque[Found],
    keep: Callable[[Found, Judgement], None],
    plan: ReplayPlan,
    *,
    guard: ProcessGuard,
    log: Path,
    number: int,
) -> None:
    seed = (plan.seed + number) % 2**32
    processes = [_Process(plan, plan.path, guard=guard, log=log, seed=seed)]
    if plan.against:
        processes.insert(0, _Process(plan, plan.against, guard=guard, log=log, seed=seed))
    try:
        while waiting:
            found = waiting.popleft()
            answers = [await one.judge(found) for one in processes]
            judgement = answers[-1][0]
            if plan.against and not any(one.outcome is ReplayOutcome.CANNOT_BE_JUDGED for one, _ in answers):
                # What differs from the history is told by the other comparison, for both.
                judgement = replace(judgement, drifts=tuple(changed(answers[0][1], answers[1][1])))
            keep(found, judgement)
    finally:
        for one in processes:
            await one.end()


class _Process:
    """A process that replays, started when there is something to replay, and anew when it had to be killed."""

    def __init__(self, plan: ReplayPlan, path: Sequence[str], *, guard: ProcessGuard, log: Path, seed: int) -> None:
        self._plan = plan
        self._path = path
        self._leash = guard
        self._log = log
        self._seed = seed
        self._process: asyncio.subprocess.Process | None = None
        self._heard = b""

    async def judge(self, found: Found) -> tuple[Judgement, Sequence[Mapping[str, Any]]]:
        """Have one file judged; returns the commands, too, where they are wanted."""
        if self._process is None:
            await self._start()
        try:
            async with asyncio.timeout(self._plan.deadline.total_seconds()):
                await self._say(path=str(found.path), known=asdict(found.known))
                said = await self._hear()
        except TimeoutError:
            await self.end()
            seconds = self._plan.deadline.total_seconds()
            return _lost(
                found, NotJudged.DEADLINE, f"it had not been replayed after {seconds:g} s; its process was ended."
            ), ()
        except (EOFError, ConnectionError):
            # It is about to be gone, and its own exit code tells more than that of a kill.
            code = await self.end(kill=False)
            return _lost(found, NotJudged.DIED, f"the process that replayed it ended by itself with {code}."), ()
        judgement = replace(from_json(said["judgement"]), hash_seed=str(self._seed))
        return judgement, said.get("commands", ())

    async def _start(self) -> None:
        ours = [one or str(Path.cwd()) for one in sys.path]
        # Set once it runs: the harness itself is to be this one, whatever else a revision of the code contains.
        path = [*self._path, *(one for one in ours if one not in {*self._path, *self._plan.path})]
        with self._log.open("ab") as log:
            self._process = await self._leash.spawn(
                [sys.executable, "-P", "-m", "harness.replay.engine.process_main"],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONHASHSEED": str(self._seed), "PYTHONPATH": os.pathsep.join(ours)},
            )
        try:
            async with asyncio.timeout(UP_WITHIN.total_seconds()):
                # Of two revisions, the one that is about to run is measured.
                measured = self._plan.coverage if self._path is self._plan.path else None
                await self._say(
                    path=path,
                    code=asdict(self._plan.code),
                    break_age=self._plan.break_age,
                    commands=bool(self._plan.against),
                    coverage="" if measured is None else str(measured),
                )
                said = await self._hear()
        except (TimeoutError, EOFError, ConnectionError) as error:
            words = self._log.read_text(errors="replace").strip()[-500:]
            raise EnvironmentUnavailable(f"no process can replay. Its last words: {words or repr(error)}") from error
        if "problems" in said:
            raise UsageError(*said["problems"])

    async def _say(self, **said: Any) -> None:
        assert self._process is not None  # noqa: S101 - started before
        assert self._process.stdin is not None  # noqa: S101 - asked for with PIPE
        self._process.stdin.write(json.dumps(said).encode() + b"\n")
        await self._process.stdin.drain()

    async def _hear(self) -> dict[str, Any]:
        assert self._process is not None  # noqa: S101 - started before
        assert self._process.stdout is not None  # noqa: S101 - asked for with PIPE
        parts = [self._heard]
        while b"\n" not in parts[-1]:
            more = await self._process.stdout.read(2**16)
            if not more:
                raise EOFError
            parts.append(more)
        line, _, self._heard = b"".join(parts).partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    async def end(self, *, kill: bool = True) -> int | None:
        """End the process, if there is one, and return its exit code."""
        process, self._process, self._heard = self._process, None, b""
        if process is None:
            return None
        if not kill:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(process.wait(), GONE_WITHIN.total_seconds())
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        return await process.wait()


def _lost(found: Found, reason: NotJudged, message: str) -> Judgement:
    return Judgement(
        file=str(found.path),
        workflow_id=found.known.workflow_id,
        run_id=found.known.run_id,
        outcome=ReplayOutcome.CANNOT_BE_JUDGED,
        reason=reason,
        message=message,
    )


def _told_twice(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Note on each history that it is the same as an earlier one."""
    first: dict[str, str] = {}
    noted = []
    for one in judgements:
        same = first.setdefault(one.digest, one.file) if one.digest else one.file
        noted.append(one if same == one.file else replace(one, notes=(*one.notes, f"the same history as {same}.")))
    return noted
