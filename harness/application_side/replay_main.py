"""What replays in the application's interpreter: it imports the code, then replays or decodes what it is given.

Judging is the harness's business, in a process of its own interpreter (`harness.replay.engine.other_interpreter`).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import History
from temporalio.client import WorkflowHistory

from harness.application_side.child_io import Say, report
from harness.application_side.loading import CannotLoad, load
from harness.application_side.playing import Playing, playing
from harness.application_side.stuck import Stuck
from harness.application_side.why import why


async def serve(orders: asyncio.StreamReader, say: Say) -> None:
    """Import the code, then carry out one order after the other until the pipe closes."""
    first = json.loads(await orders.readline())
    sys.path[:] = [*first["path"], *(one for one in sys.path if one not in first["hidden"])]
    try:
        code = load(first["code"], importing=lambda module: say(importing=f"the module {module}"))
        say(importing=f"{', '.join(code.modules)} in the workflow sandbox")
        async with playing(code) as plays:
            say(ready=True, facts=plays.facts)
            waiting: asyncio.Queue[bytes] = asyncio.Queue()
            reading = asyncio.ensure_future(_read(orders, waiting))
            while not reading.done():
                say(**await _carried_out(plays, json.loads(await waiting.get())))
    except CannotLoad as cannot:
        say(problems=cannot.problems)
    except RuntimeError as error:
        say(problems=[[why(error)]])


async def _read(orders: asyncio.StreamReader, waiting: asyncio.Queue[bytes]) -> None:
    """Read on while a replay is under way: who has asked may be killed, and the workflow may be stuck."""
    while True:
        line = await orders.readline()
        if not line:
            os._exit(0)
        waiting.put_nowait(line)


async def _carried_out(plays: Playing, order: Mapping[str, Any]) -> dict[str, Any]:
    try:
        events = History.FromString(b64decode(order["events"])).events
        if order["what"] == "decode":
            return {"events": _packed(await plays.decoded(events))}
        known = EventType.values()
        unknown = [one for one in events if one.event_type not in known or one.WhichOneof("attributes") is None]
        if unknown:
            return {"unknown": [unknown[0].event_id, version("temporalio")]}
        history = WorkflowHistory(workflow_id=order["workflow_id"], events=events)
        played = await plays.play(history, namespace=order["namespace"])
        recording = played.recording
        return {
            "failure": played.failure,
            "stuck_words": played.stuck,
            "failed": recording.failed,
            "trace": recording.trace,
            "patches": recording.patches,
            "issued": [
                [one.task, b64encode(one.command.SerializeToString()).decode(), one.site] for one in recording.issued
            ],
        }
    except Stuck as stuck:
        return {"stuck": str(stuck)}
    except Exception as error:  # noqa: BLE001 - one odd history must not cost others their verdict
        return {"error": report(error), "raised": repr(error)}


def _packed(events: Any) -> str:
    return b64encode(History(events=events).SerializeToString()).decode()
