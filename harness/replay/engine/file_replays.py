"""Many histories in several processes, each under a deadline: none can delay or end the replay of the others."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.application_side.stuck import NOT_APPLICATION
from harness.errors import EnvironmentUnavailable
from harness.processes.guard import LOST, ProcessGuard
from harness.replay.engine.code import Code
from harness.replay.engine.compare_revisions import changed
from harness.replay.engine.replay_process import ProcessLost, ReplayProcess
from harness.replay.histories.folder import Found
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome, from_json
from harness.workers.interpreter import Interpreter

SHORTEST_START = timedelta(seconds=10)
"""How long a process may at least take to import the code, however short the deadline of a history is."""


@dataclass(frozen=True, kw_only=True)
class ReplayPlan:
    """How histories are replayed.

    Attributes:
        code: The code to replay against.
        path: Import path of that code, before this process's own.
        processes: The number of processes.
        deadline: How long one history may take, the search for its break age included.
        seed: PYTHONHASHSEED of the first process; each further one gets the next number.
        break_age: Whether to find out which open runs would break.
        against: Import path of a second revision of the same code, to be compared command by command.
        revision: What that revision is called, in place of the folder it is checked out in; "" for the folder itself.
        interpreter: The application's interpreter; None for this one.
        coverage: Folder for what is measured of the workflow code; None measures nothing.
    """

    code: Code
    path: tuple[str, ...] = ()
    processes: int = 1
    deadline: timedelta = timedelta(seconds=60)
    seed: int = 0
    break_age: bool = True
    against: tuple[str, ...] = ()
    revision: str = ""
    interpreter: Interpreter | None = None
    coverage: Path | None = None

    def process(self, *, guard: ProcessGuard, log: Path, seed: int, against: bool) -> ReplayProcess:
        """Return a process that replays by this plan, against the code or its second revision."""
        path = self.against if against else self.path
        here = self.interpreter is None
        return ReplayProcess(
            guard=guard,
            log=log,
            seed=seed,
            path=path if here else (),
            hidden=self.path if here else (),
            folders=NOT_APPLICATION if self.interpreter is None else self.interpreter.not_application,
            # Elsewhere, there are two processes to start.
            up_within=max(self.deadline, SHORTEST_START if here else 2 * SHORTEST_START),
            rename=(f"{path[0]}/", f"{self.revision}:") if against and self.revision else ("", ""),
            start={
                "code": asdict(self.code),
                "elsewhere": self.interpreter and self.interpreter.orders(path=path, hidden=self.path),
                "break_age": self.break_age,
                "commands": bool(self.against),
                # Of two revisions, the one that is about to run is measured.
                "coverage": str(self.coverage) if self.coverage is not None and not against else "",
            },
        )


History = tuple[Found, int]
"""A file, and which of its histories, from 0."""

Commands = Sequence[Mapping[str, Any]]


async def replay_files(
    files: Sequence[Found], plan: ReplayPlan, *, log: Path, notify: Callable[[Judgement], None] = lambda _: None
) -> list[Judgement]:
    """Replay every history in these files; what cannot be read or replayed is judged as such.

    The largest files are begun first, and a free process takes the next history, so that all end at about the same
    time. When this is cancelled, or its process guard is killed, what has not been judged is judged as interrupted.

    Args:
        files: The files.
        plan: How to replay them.
        log: Where the processes log; each adds its number to the name.
        notify: Called with each judgement as it is reached.

    Returns:
        The judgements, in the order of their files.

    Raises:
        UsageError: The code cannot be loaded.
        EnvironmentUnavailable: No process can be started.
    """
    waiting: deque[History] = deque((one, 0) for one in files)
    judged: dict[tuple[Path, int], Judgement] = {}

    def keep(history: History, judgement: Judgement) -> None:
        judged[history[0].path, history[1]] = judgement
        notify(judgement)

    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in one
    why = "the session was interrupted before it was judged."

    def give_up() -> None:
        nonlocal why
        why = LOST
        task.cancel()

    try:
        async with ProcessGuard() as guard:
            with guard.required(give_up):
                async with _first_error() as group:
                    for number in range(plan.processes):
                        group.create_task(_work(waiting, keep, plan, guard=guard, log=log, number=number))
    except (asyncio.CancelledError, EnvironmentUnavailable) as error:
        # Without its guard, no process can be started.
        if isinstance(error, EnvironmentUnavailable) and why != LOST:
            raise
        task.uncancel()
        for found in files:
            if (found.path, 0) not in judged:
                keep((found, 0), _lost((found, 0), NotJudged.INTERRUPTED, why))
    return _with_duplicates([judged[one] for one in sorted(judged, key=lambda one: (str(one[0]), one[1]))])


@asynccontextmanager
async def _first_error() -> AsyncIterator[asyncio.TaskGroup]:
    """Raise the first error alone: every process has the same trouble with the same code."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _work(
    waiting: deque[History],
    keep: Callable[[History, Judgement], None],
    plan: ReplayPlan,
    *,
    guard: ProcessGuard,
    log: Path,
    number: int,
) -> None:
    seed = (plan.seed + number) % 2**32
    processes = [
        plan.process(guard=guard, log=log.with_name(f"{log.name}.{number}.{against:d}"), seed=seed, against=against)
        for against in ([True, False] if plan.against else [False])
    ]
    try:
        while waiting:
            history = waiting.popleft()
            answers = [await _judge(one, history, plan) for one in processes]
            judgement, after, count = answers[-1]
            if plan.against:
                judgement = _compared(judgement, after, answers[0])
            keep(history, judgement)
            if not history[1]:
                waiting.extendleft((history[0], further) for further in range(count - 1, 0, -1))
    finally:
        for one in processes:
            await one.end()


def _compared(judgement: Judgement, after: Commands, before: tuple[Judgement, Commands, int]) -> Judgement:
    """Return the judgement with the differences between two revisions in place of those to the history."""
    old, commands, _ = before
    if ReplayOutcome.CANNOT_BE_JUDGED in {old.outcome, judgement.outcome}:
        note = f"the revisions were not compared: with the other one, the history {old.title}"
        return replace(judgement, notes=(*judgement.notes, note)) if old.reason else judgement
    return replace(judgement, drifts=tuple(changed(commands, after)))


async def _judge(process: ReplayProcess, history: History, plan: ReplayPlan) -> tuple[Judgement, Commands, int]:
    """Have one history judged; return the commands, too, where they are asked for, and how many its file holds."""
    found, number = history
    count = 1
    try:
        await process.ask(path=str(found.path), known=asdict(found.known), number=number, within=plan.deadline)
        count = (await process.answer(within=plan.deadline))["count"]
        said = await process.answer(within=plan.deadline)
    except ProcessLost as lost:
        reason = NotJudged.DEADLINE if lost.late else NotJudged.DIED
        return _lost(history, reason, str(lost), several=count > 1), (), count
    if said["stuck"]:
        await process.end()
    judgement = replace(
        from_json(said["judgement"]), file=_name(history, several=count > 1), hash_seed=str(process.seed)
    )
    return judgement, said["commands"], count


def _name(history: History, *, several: bool) -> str:
    """Return the file's name as it can be printed, with the number of its history where it holds several."""
    found, number = history
    name = os.fsencode(found.path).decode(errors="backslashreplace")
    return f"{name}#{number + 1}" if several else name


def _lost(history: History, reason: NotJudged, message: str, *, several: bool = False) -> Judgement:
    known = history[0].known
    return Judgement(
        file=_name(history, several=several),
        workflow_id=known.workflow_id,
        run_id=known.run_id,
        outcome=ReplayOutcome.CANNOT_BE_JUDGED,
        reason=reason,
        message=message,
    )


def _with_duplicates(judgements: Sequence[Judgement]) -> list[Judgement]:
    """Note on each history that it is the same as an earlier one."""
    first: dict[str, str] = {}
    noted = []
    for one in judgements:
        same = first.setdefault(one.digest, one.file) if one.digest else one.file
        noted.append(one if same == one.file else replace(one, notes=(*one.notes, f"the same history as {same}.")))
    return noted
