"""The histories of runs, replayed against the code that made them: in other processes, with the code imported afresh.

A process of its own has another hash seed than the run, none of the state that the run has left behind, and can be
killed when workflow code does not come back. One process serves many runs; code that may depend on the order of a set
is replayed with several hash seeds.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import WorkflowHistory

from harness.application_side.loading import Loaded
from harness.errors import HarnessError
from harness.events import Replayed
from harness.processes.guard import ProcessGuard
from harness.replay.engine.code import Code
from harness.replay.engine.hash_order import may_depend_on_hashes
from harness.replay.engine.replay_process import ProcessLost, ReplayProcess
from harness.replay.engine.shipping import CannotShip, pack
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome, from_json
from harness.workers.interpreter import Interpreter

WITHIN = timedelta(seconds=30)
"""How long one history may take. A replay takes milliseconds; importing the code can take seconds."""

SEEDS = 6
"""With how many hash seeds code is replayed that may depend on them: a set of two has the same order in all of them,
and in the run, once in 64 times."""

SEEDS_ELSEWHERE = 2
"""The same in the application's own interpreter: whether its code depends on them is not known here."""

UNSURE = (
    "It is not known what the worker is built with. Name its data converter in Application(converter=...), and modules "
    "that the sandbox passes through in passthrough_modules."
)

TIMES = 2
"""How many times a history is replayed in the first process: a counter in a module has another value each time, which
code outside of the sandbox, or in modules that pass through it, may depend on."""

ENVIRONMENTS = 4
"""For how many different environments processes are kept, the latest used ones."""

UNJUDGED = frozenset(
    {
        NotJudged.DOES_NOT_YIELD,
        NotJudged.DEADLINE,
        NotJudged.DIED,
        NotJudged.NOT_IMPORTED,
        NotJudged.HARNESS,
        NotJudged.CODEC,
    }
)
"""Reasons that do not show whether the code is deterministic."""

Key = tuple[tuple[tuple[str, str], ...], int]
"""An environment and a hash seed."""


class Replays:
    """Replays histories for as long as the context lasts. Its processes are started when they are first needed.

    Args:
        guard: Ends the processes if this one dies.
        folder: Where the processes log.
        within: How long one history may take.
    """

    def __init__(self, guard: ProcessGuard, folder: Path, *, within: timedelta = WITHIN) -> None:
        self._folder = folder
        self._within = within
        self._guard = guard
        self._processes: dict[Key, ReplayProcess] = {}
        self._turns: dict[Key, asyncio.Lock] = {}
        self._started = 0
        # Any seed but that of this process.
        self._seed = 1 + int(os.environ.get("PYTHONHASHSEED", "0").replace("random", "0"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(one.end() for one in self._processes.values()))

    async def check(
        self,
        histories: Sequence[WorkflowHistory],
        code: Loaded,
        *,
        env: Mapping[str, str] | None = None,
        turn: int | None = None,
        unsure: str = "",
    ) -> Sequence[Replayed]:
        """Replay histories in which there is a decision to take again, and return an event for each: see `judge`.

        Args:
            histories: As of `judge`.
            code: As of `judge`.
            env: As of `judge`.
            turn: As of `judge`.
            unsure: Why it is not known what the worker was built with; then code that fails proves nothing.
        """
        return [replayed(one, unsure=unsure) for one in await self.judge(histories, code, env=env, turn=turn)]

    async def check_elsewhere(
        self,
        histories: Sequence[WorkflowHistory],
        code: Code,
        there: Interpreter,
        *,
        env: Mapping[str, str] | None = None,
    ) -> Sequence[Replayed]:
        """Replay histories in the application's own interpreter, and return an event for each.

        Args:
            histories: As of `judge`.
            code: The code that made them, by its import paths there.
            there: The interpreter.
            env: As of `judge`.
        """
        begun = [one for one in histories if any(map(_is_decision, one.events))]
        named = {"elsewhere": there.orders(path=there.import_path, hidden=()), "code": asdict(code)}
        judged = await self._judge_with_seeds(begun, named, seeds=range(SEEDS_ELSEWHERE), env=env)
        return [replayed(one, unsure=UNSURE) for one in judged]

    async def judge(
        self,
        histories: Sequence[WorkflowHistory],
        code: Loaded,
        *,
        namespace: str = "",
        env: Mapping[str, str] | None = None,
        turn: int | None = None,
    ) -> Sequence[Judgement]:
        """Replay histories in which there is a decision to take again, and judge each.

        Args:
            histories: The histories, of runs that are over or have gone so far.
            code: The code that made them.
            namespace: Where it was run.
            env: Environment variables of the worker besides this process's own.
            turn: Replays each history once, with the hash seed of that turn; None for every seed. For many histories
                of one code, which share the seeds.
        """
        begun = [one for one in histories if any(map(_is_decision, one.events))]
        try:
            packed = pack(code)
        except CannotShip as error:
            return [_lost(one, NotJudged.HARNESS, str(error)) for one in begun]
        count = SEEDS if may_depend_on_hashes(code.workflows) else 1
        seeds = range(count) if turn is None else [turn % count]
        return await self._judge_with_seeds(
            begun, packed, seeds=seeds, namespace=namespace, env=env, twice=turn is None
        )

    async def _judge_with_seeds(
        self,
        histories: Sequence[WorkflowHistory],
        code: Mapping[str, object],
        *,
        seeds: Sequence[int],
        namespace: str = "",
        env: Mapping[str, str] | None = None,
        twice: bool = True,
    ) -> Sequence[Judgement]:
        """Return the worst judgement of each history, replayed with each of these hash seeds."""
        judged = []
        for history in histories:
            order = {
                "code": code,
                "history": History(events=history.events).SerializeToString().hex(),
                "workflow_id": history.workflow_id,
                "run_id": history.run_id,
                "namespace": namespace,
            }
            with_each = [
                self._ask(
                    self._key(env or {}, number),
                    history,
                    {**order, "times": TIMES if number == 0 and twice else 1},
                )
                for number in seeds
            ]
            judged.append(max(await asyncio.gather(*with_each), key=_badness))
        return judged

    def _key(self, env: Mapping[str, str], number: int) -> Key:
        # pytest's own variables name the running test, and would start a process for each.
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        return tuple(sorted({**own, **env}.items())), self._seed + number

    async def _ask(self, key: Key, history: WorkflowHistory, order: Mapping[str, object]) -> Judgement:
        async with self._turns.setdefault(key, asyncio.Lock()):
            process = await self._process(key)
            try:
                await process.ask(within=self._within, **order)
                said = await process.answer(within=self._within)
            except ProcessLost as lost:
                return _lost(history, NotJudged.DEADLINE if lost.late else NotJudged.DIED, str(lost))
            except HarnessError as error:
                return _lost(history, NotJudged.HARNESS, str(error))
            except asyncio.CancelledError:
                # Its answer would be taken for that to the next order.
                await process.end()
                raise
            if said["stuck"]:
                await process.end()
            return replace(from_json(said["judgement"]), hash_seed=str(key[1]))

    async def _process(self, key: Key) -> ReplayProcess:
        process = self._processes.pop(key, None)
        if process is None:
            self._started += 1
            process = ReplayProcess(
                guard=self._guard,
                log=self._folder / f"replays-{self._started}.log",
                seed=key[1],
                main="runs_main",
                start={},
                env=dict(key[0]),
            )
        self._processes[key] = process
        idle = [one for one in self._processes if not self._turns[one].locked()]
        for one in idle[: max(0, len(self._processes) - ENVIRONMENTS * SEEDS)]:
            await self._processes.pop(one).end()
        return process


def replayed(judgement: Judgement, *, unsure: str = "") -> Replayed:
    """Return a judgement as an event of its run.

    Args:
        judgement: The judgement.
        unsure: As of `Replays.check`.
    """
    words = f"{judgement.title}\n{judgement.message}" + (f"\n{judgement.remedy}" if judgement.remedy else "")
    sound = judgement.outcome is ReplayOutcome.REPLAYS
    unjudged = judgement.reason in UNJUDGED
    if unsure and judgement.outcome is ReplayOutcome.CANNOT_BE_JUDGED and not unjudged:
        why = f"{judgement.message} {unsure}"
        return Replayed(workflow_id=judgement.workflow_id, run_id=judgement.run_id, error=None, unjudged=why)
    return Replayed(
        workflow_id=judgement.workflow_id,
        run_id=judgement.run_id,
        error=None if sound or unjudged else words,
        unjudged=f"{judgement.reason}: {judgement.message}" if unjudged else "",
        drifts=tuple(map(str, judgement.drifts)),
    )


def _is_decision(event: HistoryEvent) -> bool:
    return event.HasField("workflow_task_completed_event_attributes")


def _badness(judgement: Judgement) -> tuple[int, int]:
    order = [ReplayOutcome.NOT_BEGUN, ReplayOutcome.REPLAYS, ReplayOutcome.CANNOT_BE_JUDGED]
    rank = order.index(judgement.outcome) if judgement.outcome in order else len(order)
    return rank, len(judgement.drifts)


def _lost(history: WorkflowHistory, reason: NotJudged, message: str) -> Judgement:
    return Judgement(
        file=history.workflow_id,
        workflow_id=history.workflow_id,
        run_id=history.run_id,
        outcome=ReplayOutcome.CANNOT_BE_JUDGED,
        reason=reason,
        message=message,
    )
