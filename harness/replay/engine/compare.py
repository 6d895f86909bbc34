"""Every command against the event that records it: where the code diverges, and where it has drifted.

`drifts` lists what a command asks for in another way than was recorded, `divergence` where the code goes another way.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from temporalio.api.history.v1 import HistoryEvent

from harness.application_side.recorder import Issued
from harness.replay.engine.pairing import IssuedCommand, Pairing, RecordedCommand
from harness.replay.events.outline import Outline, event_type, of_event, started
from harness.replay.events.values import ABSENT, differences, path_text
from harness.replay.verdicts.drift import Drift, shown


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """Where the code issues other commands than the history records.

    Attributes:
        event: The id of the event at which it begins.
        recorded: What the history has there, "" for nothing.
        issued: The command that the code issues there, "" for none.
        site: The line that issues it, "" where it is not known.
    """

    event: int
    recorded: str
    issued: str
    site: str


class Comparison:
    """A history and the commands that the code issued while it was replayed.

    Args:
        events: The history's events, their payloads decoded.
        issued: The commands, in order.
        namespace: Where the history was recorded, "" when that is not known.
    """

    def __init__(self, events: Sequence[HistoryEvent], issued: Sequence[Issued], *, namespace: str = "") -> None:
        self._events = events
        self._start = started(events)
        self._namespace = namespace
        self._pairing = Pairing(events, issued)

    # --- drift ---------------------------------------------------------------------------------------------------

    def drifts(self) -> Iterator[Drift]:
        """Yield every difference between a command and its event."""
        moved = self._moved()
        for event, asked in self._pairing.pairs:
            yield from self._differences(event, asked, moved=event.event in moved)
        # An update that is no longer answered: only its caller would notice.
        for one in self._pairing.unpaired_events:
            if one.outline.kind == "WorkflowExecutionUpdateCompleted":
                yield Drift(
                    event=one.event,
                    kind=one.outline.kind,
                    name=one.outline.key,
                    field="outcome",
                    recorded=shown((), dict(one.outline.fields)),
                    now=repr(ABSENT),
                    site="",
                )

    def _moved(self) -> set[int]:
        """Return the events whose recorded input the code now gives to another call of the same type."""
        recorded: dict[tuple[str, str, str], int] = {}
        now: list[tuple[int, tuple[str, str, str]]] = []
        for event, asked in self._pairing.pairs:
            before, after = event.outline.fields.get("input"), asked.outline.fields.get("input")
            if before and after and any(differences(before, after)):
                key = (event.outline.kind, event.outline.name)
                recorded[*key, json.dumps(before, sort_keys=True)] = event.event
                now.append((event.event, (*key, json.dumps(after, sort_keys=True))))
        return {one for event, key in now if key in recorded for one in (event, recorded[key])}

    def _differences(self, event: RecordedCommand, asked: IssuedCommand, *, moved: bool) -> Iterator[Drift]:
        recorded, now = dict(event.outline.fields), dict(asked.outline.fields)
        fill = _FILLED.get(event.outline.kind)
        if fill is not None:
            now = fill(self, now, recorded)
        # Continue-as-new may leave the workflow type out.
        recorded["name"], now["name"] = event.outline.name, asked.outline.name or event.outline.name
        if not asked.automatic_id:
            recorded["id"], now["id"] = event.outline.key, asked.outline.key
        for path, was, is_now in differences(recorded, now):
            yield Drift(
                event=event.event,
                kind=event.outline.kind,
                name=event.outline.name,
                field=path_text(path),
                recorded=shown(path, was),
                now=shown(path, is_now),
                site=str(asked.site or ""),
                moved=moved and path[0] == "input",
            )

    # --- what the server fills in ----------------------------------------------------------------------------------

    def _activity(self, now: dict[str, Any], _: Mapping[str, Any]) -> dict[str, Any]:
        """Fill in timeouts as the server does (TMO claims)."""
        run = _nanoseconds(self._start.workflow_run_timeout)
        in_all, attempt = now["schedule_to_close_timeout"], now["start_to_close_timeout"]
        waiting = now["schedule_to_start_timeout"]
        if in_all:
            waiting = min(waiting or in_all, in_all)
            attempt = min(attempt or in_all, in_all)
        else:
            in_all, waiting = run, waiting or run
        beat = now["heartbeat_timeout"]
        if run:
            in_all, waiting, attempt, beat = (min(one, run) for one in (in_all, waiting, attempt, beat))
        return now | {
            "schedule_to_close_timeout": in_all,
            "schedule_to_start_timeout": waiting,
            "start_to_close_timeout": attempt,
            "heartbeat_timeout": min(beat, attempt),
        }

    def _child(self, now: dict[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        filled = self._runs(now, recorded)
        if not now["workflow_execution_timeout"]:
            filled["workflow_execution_timeout"] = recorded["workflow_execution_timeout"]
        # Each may be inherited, and only an index says which it was.
        known = self._namespace and now["namespace"]
        return filled if known else filled | {"namespace": recorded["namespace"]}

    def _runs(self, now: dict[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        """A new run takes what the command leaves out from the server or from this run."""
        unsaid = ("workflow_run_timeout", "workflow_task_timeout", "task_queue", "memo", "search_attributes")
        return now | {name: recorded[name] for name in unsaid if name in recorded and not now.get(name)}

    def _again(self, now: dict[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        return self._runs(now, recorded)

    def foreign_id(self) -> str:
        """Return a sentence on ids that the Python SDK does not give, "" if there are none."""
        for event, asked in self._pairing.pairs:
            if asked.automatic_id and event.outline.key != asked.outline.key:
                return (
                    f"its ids are not those of the Python SDK (event {event.event} has {event.outline.key!r}, not "
                    f"{asked.outline.key!r}): another SDK recorded it, or its code chose the ids."
                )
        return ""

    # --- divergence ------------------------------------------------------------------------------------------------

    def divergence(self, message: str = "") -> Divergence | None:
        """Return where the code first issues other commands; None if unknown.

        Args:
            message: The SDK's error, which sometimes names the event.
        """
        found = [one for one in (self._other_command(), self._not_asked(), self._named(message)) if one is not None]
        return min(found, key=lambda one: one.event, default=None)

    def _named(self, message: str) -> Divergence | None:
        named = re.search(r"HistoryEvent\(id: (\d+)", message)
        if named is None or not 0 < int(named[1]) <= len(self._events):
            return None
        event = self._events[int(named[1]) - 1]
        outline = of_event(event)
        return Divergence(event=event.event_id, recorded=str(outline or event_type(event)), issued="", site="")

    def unpaired(self) -> Divergence | None:
        """Return the first event without a command, or command without an event, of a history that replays.

        The SDK's core lets both pass where a history does not have its flags: those of older SDKs, or of others.
        """
        events = [
            one
            for one in self._pairing.unpaired_events
            if _ordered(one.outline)
            or (one.outline.kind == "MarkerRecorded" and not one.outline.fields.get("deprecated"))
        ]
        commands = [
            one
            for one in _sent([one for one in self._pairing.unpaired_commands if one.task in self._pairing.tasks])
            if _ordered(one.outline) and not (one.outline.kind in _ENDS and self._ended_in(one.task))
        ]
        task = min([*(one.task for one in events), *(one.task for one in commands)], default=0)
        event = next((one for one in events if one.task == task), None)
        command = next((one for one in commands if one.task == task), None)
        if event is None and command is None:
            return None
        return Divergence(
            event=event.event if event else self._pairing.tasks[task],
            recorded=str(event.outline) if event else "",
            issued=str(command.outline) if command else "",
            site=str(command.site or "") if command else "",
        )

    def _ended_in(self, task: int) -> bool:
        return any(one.task == task and one.outline.kind in _ENDS for one in self._pairing.recorded)

    def _not_asked(self) -> Divergence | None:
        """Return a recorded command, of a kind without a fixed place, that is no longer issued."""
        met = {event.event for event, asked in self._pairing.pairs if _same(event.outline, asked.outline)}
        reached = max((one.task for one in self._pairing.issued), default=0)
        for one in self._pairing.recorded:
            if not _ordered(one.outline) and one.event not in met and one.task <= reached:
                return Divergence(event=one.event, recorded=str(one.outline), issued="", site="")
        return None

    def _other_command(self) -> Divergence | None:
        asked, recorded = defaultdict(list), defaultdict(list)
        for one in self._pairing.issued:
            if _ordered(one.outline):
                asked[one.task].append(one)
        for other in self._pairing.recorded:
            if _ordered(other.outline):
                recorded[other.task].append(other)
        for task in sorted(self._pairing.tasks):
            for event, command in zip_longest(recorded[task], _sent(asked[task])):
                if event is None or command is None or not _same(event.outline, command.outline):
                    return Divergence(
                        event=event.event if event else self._pairing.tasks[task],
                        recorded=str(event.outline) if event else "",
                        issued=str(command.outline) if command else "",
                        site=str(command.site or "") if command else "",
                    )
        return None

    def excerpt(self, event: int, *, around: int = 4) -> list[str]:
        """Return the lines of the history around an event, itself marked."""
        lines = []
        for one in self._events:
            if abs(one.event_id - event) <= around:
                outline = of_event(one)
                said = str(outline) if outline is not None else event_type(one)
                lines.append(f"{'>' if one.event_id == event else ' '} {one.event_id:>5} {said}")
        return lines


def _sent(issued: list[IssuedCommand]) -> list[IssuedCommand]:
    """Return what the SDK sends: nothing that was withdrawn, and last the first command that ends the run."""
    sent = [one for one in issued if not one.withdrawn]
    ends = [one for one in sent if one.outline.kind in _ENDS]
    return [one for one in sent if one.outline.kind not in _ENDS] + ends[:1]


_FILLED: dict[str, Callable[[Comparison, dict[str, Any], Mapping[str, Any]], dict[str, Any]]] = {
    "ActivityTaskScheduled": Comparison._activity,  # noqa: SLF001 - a table of its methods
    "StartChildWorkflowExecutionInitiated": Comparison._child,  # noqa: SLF001 - the same
    "MarkerRecorded": lambda _, now, recorded: {
        **now,
        **{key: recorded[key] for key in recorded if key == "deprecated"},
    },
    "WorkflowExecutionContinuedAsNew": Comparison._again,  # noqa: SLF001 - the same
}

_ENDS = frozenset(
    {
        "WorkflowExecutionCompleted",
        "WorkflowExecutionFailed",
        "WorkflowExecutionCanceled",
        "WorkflowExecutionContinuedAsNew",
    }
)

_UNORDERED = frozenset(
    {
        "WorkflowExecutionUpdateCompleted",
        "ActivityTaskCancelRequested",
        "RequestCancelExternalWorkflowExecutionInitiated",
        "NexusOperationCancelRequested",
        "UpsertWorkflowSearchAttributes",
        "WorkflowPropertiesModified",
        "MarkerRecorded",
    }
)
"""What the SDK may record in another task than the one that asks for it, or not at all."""


def _ordered(outline: Outline) -> bool:
    return outline.kind not in _UNORDERED


def _same(recorded: Outline, asked: Outline) -> bool:
    return (recorded.kind, recorded.key, recorded.name or asked.name) == (
        asked.kind,
        asked.key,
        asked.name or recorded.name,
    )


def _nanoseconds(value: Any) -> int:
    return int(value.seconds * 10**9 + value.nanos)
