"""A process that replays files: it loads the code once, then takes one history after the other."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from harness.application_side.child_io import Say, main, report
from harness.application_side.why import why
from harness.errors import HarnessError, UsageError
from harness.replay.engine.code import Code
from harness.replay.engine.compare_revisions import commands
from harness.replay.engine.other_interpreter import open_player_elsewhere
from harness.replay.engine.player import Player, open_player
from harness.replay.histories.files import Known, RecordedHistory, read_file
from harness.replay.histories.shapes import Unreadable
from harness.replay.verdicts.coverage import Meter
from harness.replay.verdicts.judgement import Judgement, NotJudged, ReplayOutcome, to_json


async def serve(orders: asyncio.StreamReader, say: Say) -> None:
    """Import the code, then judge one history after the other until the pipe closes."""
    first = json.loads(await orders.readline())
    sys.path[:] = first["path"]

    def importing(what: str) -> None:
        say(importing=what)

    try:
        given: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in first["code"].items()
        }
        if first["elsewhere"]:
            async with open_player_elsewhere(
                first["elsewhere"], code=first["code"], break_age=first["break_age"], importing=importing
            ) as player:
                await _replay(player, orders, say, commands_too=first["commands"])
        code = Code(**given).load(importing=lambda module: importing(f"the module {module}"))
        meter = Meter(first["coverage"], code.workflows) if first["coverage"] else None
        importing(f"{', '.join(code.modules)} in the workflow sandbox")
        async with open_player(code, break_age=first["break_age"]) as player:
            await _replay(player, orders, say, commands_too=first["commands"], meter=meter)
    except UsageError as error:
        say(problems=error.problems)
    except RuntimeError as error:
        say(problems=[why(error)])


async def _replay(
    player: Player, orders: asyncio.StreamReader, say: Say, *, commands_too: bool, meter: Meter | None = None
) -> NoReturn:
    say(ready=True)
    files = _Files()
    while line := await orders.readline():
        order = json.loads(line)
        histories = files.read(order)
        say(count=len(histories))
        said, issued = await _judge(player, histories[order["number"]], order)
        if meter is not None:
            meter.keep()
        say(judgement=said, stuck=player.stuck, commands=issued if commands_too else ())
    # The player cannot be closed while a workflow is stuck.
    os._exit(0)


class _Files:
    """The histories of the file that was read last: those of one file are asked for one after the other."""

    def __init__(self) -> None:
        self._order: Mapping[str, Any] = {}
        self._histories: Sequence[RecordedHistory | Unreadable] = ()

    def read(self, order: Mapping[str, Any]) -> Sequence[RecordedHistory | Unreadable]:
        wanted = {"path": order["path"], "known": order["known"]}
        if wanted != self._order:
            try:
                self._histories = read_file(Path(order["path"]), Known(**order["known"]))
            except Exception as error:  # noqa: BLE001 - one odd file must not cost other files their verdict
                self._histories = [Unreadable(NotJudged.HARNESS, report(error))]
            self._order = wanted
        return self._histories


async def _judge(
    player: Player, history: RecordedHistory | Unreadable, order: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    known = Known(**order["known"]) if isinstance(history, Unreadable) else history.known
    lost = Judgement(
        file="", workflow_id=known.workflow_id, run_id=known.run_id, outcome=ReplayOutcome.CANNOT_BE_JUDGED
    )
    if isinstance(history, Unreadable):
        return to_json(replace(lost, reason=history.reason, message=str(history))), []
    try:
        judgement, recording = await player.judge(history)
        return to_json(judgement), list(commands(recording.issued))
    except Exception as error:  # noqa: BLE001 - one odd history must not cost others their verdict
        words = str(error) if isinstance(error, HarnessError) else report(error)
        return to_json(replace(lost, reason=NotJudged.HARNESS, message=words)), []


if __name__ == "__main__":
    main(serve)
