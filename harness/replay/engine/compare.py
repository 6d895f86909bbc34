"""Every command against the event that records it: where the code diverges, and where it has drifted.

Commands and events meet by their key. Where they have none, the order within their workflow task tells; the event
that started a workflow task is what both sides know of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.workflow_messages import WorkflowCommand
from harness.replay.engine.command_recorder import Issued, Site
from harness.replay.events.outline import Outline, event_type, of_command, of_event, started, task_of
from harness.replay.events.values import ABSENT, differences, path_text
from harness.replay.verdicts.drift import Drift, shown


@dataclass(frozen=True, kw_only=True)
class Divergence:
    """Where the code takes another way than the history.

    Attributes:
        event: The id of the event at which they part.
        recorded: What the history has there, "" for nothing.
        issued: What the code asks for there, "" for nothing.
        site: The line that asks for it, "" where it is not known.
    """

    event: int
    recorded: str
    issued: str
    site: str


@dataclass(frozen=True, kw_only=True)
class _Recorded:
    event: int
    task: int
    outline: Outline


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What the code asks for. What it takes back in the same task, the SDK's core keeps to itself."""

    task: int
    outline: Outline
    site: Site | None
    taken_back: bool


class Comparison:
    """A history and what the code issued while it was replayed.

    Args:
        events: The history's events, their payloads decoded.
        issued: The commands, in order.
        namespace: Where the history was recorded, "" when that is not known.
    """

    def __init__(self, events: Sequence[HistoryEvent], issued: Sequence[Issued], *, namespace: str = "") -> None:
        self._events = events
        self._start = started(list(events))
        self._namespace = namespace
        completed = {
            one.event_id: one.workflow_task_completed_event_attributes.started_event_id
            for one in events
            if one.HasField("workflow_task_completed_event_attributes")
        }
        self._tasks = {task: done for done, task in completed.items()}
        self._recorded = list(self._read(completed))
        self._asked = list(self._ask(issued))

    def _read(self, completed: Mapping[int, int]) -> Iterator[_Recorded]:
        latest = 0
        for event in self._events:
            latest = completed.get(event.event_id, latest)
            outline = of_event(event)
            if outline is not None:
                yield _Recorded(event=event.event_id, task=completed.get(task_of(event), latest), outline=outline)

    @staticmethod
    def _ask(issued: Sequence[Issued]) -> Iterator[_Asked]:
        children: dict[int, str] = {}
        begun = {(one.task, *key) for one in issued if (key := _begins(one.command)) is not None}
        ended = {(one.task, *key) for one in issued if (key := _takes_back(one.command)) is not None}
        for one in issued:
            outline = of_command(one.command)
            if outline is None:
                continue
            if one.command.HasField("start_child_workflow_execution"):
                children[one.command.start_child_workflow_execution.seq] = outline.key
            if one.command.HasField("cancel_child_workflow_execution"):
                seq = one.command.cancel_child_workflow_execution.child_workflow_seq
                outline = replace(outline, name=children.get(seq, ""))
            key = _begins(one.command) or _takes_back(one.command)
            taken_back = key is not None and (one.task, *key) in begun & ended
            yield _Asked(task=one.task, outline=outline, site=one.site, taken_back=taken_back)

    # --- drift ---------------------------------------------------------------------------------------------------

    def drifts(self) -> Iterator[Drift]:
        """Yield every difference between a command and its event."""
        met: set[int] = set()
        for event, asked in self._met():
            met.add(event.event)
            yield from self._differences(event, asked)
        # Updates that were answered and no longer are: nobody notices but their callers.
        for one in self._recorded:
            if one.outline.kind == "WorkflowExecutionUpdateCompleted" and one.event not in met:
                yield Drift(
                    event=one.event,
                    kind=one.outline.kind,
                    name=one.outline.key,
                    field="outcome",
                    recorded=shown((), dict(one.outline.fields)),
                    now=repr(ABSENT),
                    site="",
                )

    def _met(self) -> Iterator[tuple[_Recorded, _Asked]]:
        """Yield each recorded command with the one that the code issues in its place."""
        keyed: dict[tuple[str, str], _Recorded] = {}
        in_order: dict[tuple[str, int], list[_Recorded]] = defaultdict(list)
        for one in self._recorded:
            if one.outline.key:
                keyed[one.outline.kind, one.outline.key] = one
            else:
                in_order[one.outline.kind, one.task].append(one)
        for asked in self._asked:
            kind = asked.outline.kind
            if asked.outline.key:
                event = keyed.get((kind, asked.outline.key))
                if event is not None and asked.task <= event.task:
                    yield keyed.pop((kind, asked.outline.key)), asked
            elif in_order[kind, asked.task]:
                yield in_order[kind, asked.task].pop(0), asked

    def _differences(self, event: _Recorded, asked: _Asked) -> Iterator[Drift]:
        recorded, now = dict(event.outline.fields), dict(asked.outline.fields)
        fill = _FILLED.get(event.outline.kind)
        if fill is not None:
            now = fill(self, now, recorded)
        site = str(asked.site or "")
        # A run that continues as new need not say as what.
        names = {"name": event.outline.name}, {"name": asked.outline.name or event.outline.name}
        for path, was, is_now in differences({**names[0], **recorded}, {**names[1], **now}):
            yield Drift(
                event=event.event,
                kind=event.outline.kind,
                name=event.outline.name,
                field=path_text(path),
                recorded=shown(path, was),
                now=shown(path, is_now),
                site=site,
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
        # Each may be inherited, or told only by an index that is not there.
        known = self._namespace and now["namespace"]
        return filled if known else filled | {"namespace": recorded["namespace"]}

    def _runs(self, now: dict[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        """What a new run is not told, it takes from the server or from this run."""
        unsaid = ("workflow_run_timeout", "workflow_task_timeout", "task_queue", "memo", "search_attributes")
        return now | {name: recorded[name] for name in unsaid if name in recorded and not now.get(name)}

    def _again(self, now: dict[str, Any], recorded: Mapping[str, Any]) -> dict[str, Any]:
        return self._runs(now, recorded)

    # --- divergence ------------------------------------------------------------------------------------------------

    def divergence(self, message: str = "") -> Divergence | None:
        """Return where the code first takes another way; None when that cannot be told.

        Args:
            message: What the SDK says of it, which sometimes names the event.
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

    def _not_asked(self) -> Divergence | None:
        """What was recorded, in no fixed place, and is no longer asked for."""
        met = {event.event for event, asked in self._met() if _same(event.outline, asked.outline)}
        reached = max((one.task for one in self._asked), default=0)
        for one in self._recorded:
            if not _ordered(one.outline) and one.event not in met and one.task <= reached:
                return Divergence(event=one.event, recorded=str(one.outline), issued="", site="")
        return None

    def _other_command(self) -> Divergence | None:
        asked, recorded = defaultdict(list), defaultdict(list)
        for one in self._asked:
            if _ordered(one.outline):
                asked[one.task].append(one)
        for other in self._recorded:
            if _ordered(other.outline):
                recorded[other.task].append(other)
        for task in sorted(self._tasks):
            for event, command in zip_longest(recorded[task], _sent(asked[task])):
                if event is None or command is None or not _same(event.outline, command.outline):
                    return Divergence(
                        event=event.event if event else self._tasks[task],
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


def _begins(command: WorkflowCommand) -> tuple[str, int] | None:
    variant = command.WhichOneof("variant")
    what = {"start_timer": "timer", "schedule_activity": "activity", "start_child_workflow_execution": "child"}
    return (what[variant], getattr(command, variant).seq) if variant in what else None


def _takes_back(command: WorkflowCommand) -> tuple[str, int] | None:
    match command.WhichOneof("variant"):
        case "cancel_timer":
            return "timer", command.cancel_timer.seq
        case "request_cancel_activity":
            return "activity", command.request_cancel_activity.seq
        case "cancel_child_workflow_execution":
            return "child", command.cancel_child_workflow_execution.child_workflow_seq
        case _:
            return None


def _sent(asked: list[_Asked]) -> list[_Asked]:
    """Return what is sent, whatever ends the run last."""
    sent = [one for one in asked if not one.taken_back]
    ends = [one for one in sent if one.outline.kind in _ENDS]
    return [one for one in sent if one.outline.kind not in _ENDS] + ends[:1]


_FILLED: dict[str, Callable[[Comparison, dict[str, Any], Mapping[str, Any]], dict[str, Any]]] = {
    "ActivityTaskScheduled": Comparison._activity,  # noqa: SLF001 - a table of its methods
    "StartChildWorkflowExecutionInitiated": Comparison._child,  # noqa: SLF001 - the same
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
"""What may stand in another task than the one it was asked for in, or not stand at all."""


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
