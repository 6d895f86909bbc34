"""A process that replays: it loads the code once, then takes one file after the other.

It speaks JSON, one object a line, over its standard input and output. What the code prints goes to standard error.
It leaves without finalizing the interpreter (sdk-python issue 300).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig

from harness.errors import UsageError
from harness.replay.engine.code import Code
from harness.replay.engine.compare_revisions import commands
from harness.replay.engine.player import Player, open_player
from harness.replay.histories.files import Known, Unreadable, read_file
from harness.replay.verdicts.coverage import Meter
from harness.replay.verdicts.judgement import Judgement, ReplayOutcome, to_json


async def _serve(orders: asyncio.StreamReader, answers: Any) -> None:
    def say(**said: Any) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    first = json.loads(await orders.readline())
    sys.path[:] = first["path"]
    try:
        given: dict[str, Any] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in first["code"].items()
        }
        code = Code(**given).load()
        meter = Meter(first["coverage"], code.workflows) if first["coverage"] else None
        async with open_player(code) as player:
            say(ready=True)
            while line := await orders.readline():
                order = json.loads(line)
                said, issued = await _judge(player, order, break_age=first["break_age"])
                if meter is not None:
                    meter.keep()
                say(judgement=said, **({"commands": issued} if first["commands"] else {}))
            # Whoever waits for what a deadlocked workflow holds waits for ever.
            os._exit(0)
    except UsageError as error:
        say(problems=error.problems)
    except RuntimeError as error:
        cause = error.__cause__
        words = f"{error}: {type(cause).__name__}: {cause}" if cause else str(error)
        say(problems=[f"the workflows cannot be loaded as a worker would load them. {words}"])


async def _judge(
    player: Player, order: Mapping[str, Any], *, break_age: bool
) -> tuple[dict[str, Any], list[Mapping[str, Any]]]:
    path = Path(order["path"])
    try:
        read = read_file(path, Known(**order["known"]))
    except Unreadable as error:
        known = order["known"]
        judgement = Judgement(
            file=str(path),
            workflow_id=known["workflow_id"],
            run_id=known["run_id"],
            outcome=ReplayOutcome.CANNOT_BE_JUDGED,
            reason=error.reason,
            message=str(error),
        )
        return to_json(judgement), []
    judgement, recording = await player.judge(read, file=str(path), break_age=break_age)
    return to_json(judgement), list(commands(recording.issued))


async def _main(answers: Any) -> None:
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    await _serve(orders, answers)


def _loop() -> asyncio.AbstractEventLoop:
    try:
        from uvloop import new_event_loop  # noqa: PLC0415 - a tenth faster where it is installed, and not needed
    except ImportError:
        return asyncio.new_event_loop()
    return new_event_loop()


def main() -> None:
    """Replay what is ordered until nobody orders any more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    logging.disable(logging.CRITICAL)
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="OFF"))))
    code = 1
    try:
        with asyncio.Runner(loop_factory=_loop) as runner:
            runner.run(_main(answers))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
