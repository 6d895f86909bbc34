"""The histories of a run of ours, replayed against the code that made them, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from temporalio.client import WorkflowHistory

from harness.events import Replayed
from harness.replay.engine.code import Loaded
from harness.replay.engine.player import open_player
from harness.replay.histories.files import Known, Unreadable, look_at
from harness.replay.verdicts.judgement import ReplayOutcome


async def replay_collected(histories: Sequence[WorkflowHistory], code: Loaded) -> AsyncIterator[Replayed]:
    """Yield what became of each history in which there is a decision to take again."""
    async with open_player(code) as player:
        for history in histories:
            known = Known(workflow_id=history.workflow_id, run_id=history.run_id, open=True)
            try:
                read = look_at(history, known, name=history.workflow_id)
            except Unreadable:
                # The oracle misses it, should there be one.
                continue
            judgement, _ = await player.judge(read, break_age=False)
            yield Replayed(
                workflow_id=history.workflow_id,
                run_id=history.run_id,
                error=None if judgement.outcome is ReplayOutcome.REPLAYS else f"{judgement.title}\n{judgement.message}",
                drifts=tuple(map(str, judgement.drifts)),
            )
