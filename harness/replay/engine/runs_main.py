"""A process that replays the histories of runs, with the code imported afresh: see `run_replays`."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any

from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from harness.application_side.child_io import Say, main, report
from harness.errors import HarnessError, UsageError
from harness.replay.engine.other_interpreter import open_player_elsewhere
from harness.replay.engine.player import Player, open_player
from harness.replay.engine.shipping import unpack
from harness.replay.histories.files import Known, examine
from harness.replay.histories.shapes import Unreadable
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome, to_json

PLAYERS = 16
"""How many players are kept open, the latest used ones."""


async def serve(orders: asyncio.StreamReader, say: Say) -> None:
    """Replay one history after the other until the pipe closes."""
    first = json.loads(await orders.readline())
    sys.path[:] = first["path"]
    say(ready=True)
    players = _Players()
    while line := await orders.readline():
        order = json.loads(line)
        player = None
        known = Known(workflow_id=order["workflow_id"], run_id=order["run_id"], namespace=order["namespace"], open=True)
        lost = Judgement(
            file=known.workflow_id,
            workflow_id=known.workflow_id,
            run_id=known.run_id,
            outcome=ReplayOutcome.CANNOT_BE_JUDGED,
            reason=NotJudged.HARNESS,
        )
        try:
            events = History.FromString(bytes.fromhex(order["history"])).events
            history = WorkflowHistory(workflow_id=known.workflow_id, events=events)
            read = examine(history, known, name=known.workflow_id)
            player = await players.of(order["code"])
            judgement, _ = await player.judge(read, file=known.workflow_id)
            for _ in range(order["times"] - 1):
                if judgement.outcome is ReplayOutcome.REPLAYS and not judgement.drifts:
                    judgement, _ = await player.judge(read, file=known.workflow_id)
        except Unreadable as error:
            judgement = Judgement(**{**vars(lost), "reason": error.reason, "message": str(error)})
        except UsageError as error:
            judgement = Judgement(
                **{**vars(lost), "reason": NotJudged.NOT_IMPORTED, "message": " ".join(error.problems)}
            )
        except Exception as error:  # noqa: BLE001 - one odd run must not cost others their verdict
            words = str(error) if isinstance(error, HarnessError) else report(error)
            judgement = Judgement(**{**vars(lost), "message": words})
        say(judgement=to_json(judgement), stuck=player is not None and player.stuck)
    # A player with a stuck workflow cannot be closed.
    os._exit(0)


class _Players:
    def __init__(self) -> None:
        self._open: OrderedDict[str, tuple[Player, AsyncExitStack]] = OrderedDict()

    async def of(self, code: Mapping[str, Any]) -> Player:
        """Return the player of this code; building one validates every workflow in the sandbox."""
        key = json.dumps(code) if "elsewhere" in code else code["pickled"]
        if key not in self._open:
            stack = AsyncExitStack()
            opened = (
                open_player_elsewhere(code["elsewhere"], code=code["code"], same_code=True)
                if "elsewhere" in code
                else open_player(unpack(code), same_code=True)
            )
            self._open[key] = await stack.enter_async_context(opened), stack
            if len(self._open) > PLAYERS:
                _, (_, oldest) = self._open.popitem(last=False)
                await oldest.aclose()
        self._open.move_to_end(key)
        return self._open[key][0]


if __name__ == "__main__":
    main(serve)
