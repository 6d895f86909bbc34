"""Compares two revisions of the code on the same history, command by command, also in what no history contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from harness.application_side.recorder import Issued
from harness.replay.events.values import ABSENT, as_data, differences, path_text
from harness.replay.verdicts.drift import Drift, shown

Command = Mapping[str, Any]


def commands(issued: Sequence[Issued]) -> list[Command]:
    """Return every command in full, as plain data that can leave the process."""
    return [
        {
            "task": one.task,
            "kind": variant,
            "says": as_data(getattr(one.command, variant)),
            "site": str(one.site or ""),
        }
        for one in issued
        if (variant := one.command.WhichOneof("variant")) is not None
    ]


def changed(before: Sequence[Command], after: Sequence[Command]) -> Iterator[Drift]:
    """Yield where the second revision issues other commands than the first; where they part, it ends."""
    for old, new in zip_longest(before, after):
        if old is None or new is None or old["kind"] != new["kind"]:
            was, is_now = (repr(ABSENT) if one is None else one["kind"] for one in (old, new))
            yield _drift(new or old, field="command", recorded=was, now=is_now)
            return
        for path, was, is_now in differences(old["says"], new["says"]):
            yield _drift(new, field=path_text(path), recorded=shown(path, was), now=shown(path, is_now))


def _drift(command: Command, *, field: str, recorded: str, now: str) -> Drift:
    says = command["says"]
    name = (
        says.get("activity_type") or says.get("workflow_type") or says.get("signal_name") or says.get("patch_id") or ""
    )
    return Drift(
        event=command["task"],
        kind=command["kind"],
        name=name,
        field=field,
        recorded=recorded,
        now=now,
        site=command["site"],
    )
