"""Commands and the events that record them, paired: by their key, else by their order within a workflow task.

The id of the event that started a workflow task is what both sides know of the task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from temporalio.api.history.v1 import HistoryEvent

from harness.application_side.recorder import Issued, Site
from harness.library_internals.workflow_messages import WorkflowCommand
from harness.replay.events.outline import Outline, of_command, of_event, task_of


@dataclass(frozen=True, kw_only=True)
class RecordedCommand:
    """An event that records a command.

    Attributes:
        event: Its id.
        task: The id of the event that started the workflow task of the command.
        outline: What it records.
    """

    event: int
    task: int
    outline: Outline


@dataclass(frozen=True, kw_only=True)
class IssuedCommand:
    """A command that the code issues in a replay.

    Attributes:
        task: The id of the event that started the workflow task.
        outline: What it asks for.
        site: The line that issues it, None where it is not known.
        withdrawn: Whether the code cancels it in the same task, so that the SDK sends nothing.
        automatic_id: Whether its id was made by the SDK, and not named by the code.
    """

    task: int
    outline: Outline
    site: Site | None
    withdrawn: bool = False
    automatic_id: bool = False


class Pairing:
    """Which event records which command.

    Args:
        events: The history's events, their payloads decoded.
        issued: The commands, in order.

    Attributes:
        tasks: The id of the event that completed a workflow task, by that of the event that started it.
        recorded: Every event that records a command.
        issued: Every command.
        pairs: Each event with the command in its place.
        unpaired_events: Events without a command.
        unpaired_commands: Commands without an event.
    """

    def __init__(self, events: Sequence[HistoryEvent], issued: Sequence[Issued]) -> None:
        completed = {
            one.event_id: one.workflow_task_completed_event_attributes.started_event_id
            for one in events
            if one.HasField("workflow_task_completed_event_attributes")
        }
        self.tasks = {task: done for done, task in completed.items()}
        self.recorded = list(_recorded(events, completed))
        self.issued = list(_issued(issued))
        self.pairs: list[tuple[RecordedCommand, IssuedCommand]] = []
        self.unpaired_events = list(self.recorded)
        self.unpaired_commands = list(self.issued)
        self._pair(
            lambda one: (
                (one.outline.kind, one.outline.key, one.outline.kind in NUMBERED and one.outline.name)
                if one.outline.key
                else None
            )
        )
        self._pair(lambda one: (one.outline.kind, one.task) if not one.outline.key else None)
        # Other SDKs, and older ones, number activities and timers in other ways; the SDK's core then compares no ids.
        self._pair(lambda one: (one.outline.kind, one.task, one.outline.name) if one.outline.kind in NUMBERED else None)

    def _pair(self, key_of: object) -> None:
        assert callable(key_of)  # noqa: S101 - one function for both sides, which mypy cannot say of a lambda
        waiting: dict[object, list[RecordedCommand]] = defaultdict(list)
        for event in self.unpaired_events:
            waiting[key_of(event)].append(event)
        waiting.pop(None, None)
        left, paired = [], set()
        for command in self.unpaired_commands:
            candidates = waiting.get(key_of(command), [])
            if candidates and command.task <= candidates[0].task:
                event = candidates.pop(0)
                paired.add(event.event)
                self.pairs.append((event, command))
            else:
                left.append(command)
        self.unpaired_commands = left
        self.unpaired_events = [one for one in self.unpaired_events if one.event not in paired]


NUMBERED = frozenset({"ActivityTaskScheduled", "TimerStarted", "TimerCanceled", "StartChildWorkflowExecutionInitiated"})
"""Events whose key may be an id that the SDK made."""


def _recorded(events: Sequence[HistoryEvent], completed: Mapping[int, int]) -> Iterator[RecordedCommand]:
    latest = 0
    for event in events:
        latest = completed.get(event.event_id, latest)
        outline = of_event(event)
        if outline is not None:
            yield RecordedCommand(event=event.event_id, task=completed.get(task_of(event), latest), outline=outline)


def _issued(issued: Sequence[Issued]) -> Iterator[IssuedCommand]:
    children: dict[int, str] = {}
    begun = {(one.task, *key) for one in issued if (key := _begins(one.command)) is not None}
    ended = {(one.task, *key) for one in issued if (key := _withdraws(one.command)) is not None}
    for one in issued:
        outline = of_command(one.command)
        if outline is None:
            continue
        if one.command.HasField("start_child_workflow_execution"):
            children[one.command.start_child_workflow_execution.seq] = outline.key
        if one.command.HasField("cancel_child_workflow_execution"):
            seq = one.command.cancel_child_workflow_execution.child_workflow_seq
            outline = replace(outline, name=children.get(seq, ""))
        key = _begins(one.command) or _withdraws(one.command)
        yield IssuedCommand(
            task=one.task,
            outline=outline,
            site=one.site,
            withdrawn=key is not None and (one.task, *key) in begun & ended,
            automatic_id=key is not None and key[0] != "child" and outline.key == str(key[1]),
        )


def _begins(command: WorkflowCommand) -> tuple[str, int] | None:
    variant = command.WhichOneof("variant")
    what = {"start_timer": "timer", "schedule_activity": "activity", "start_child_workflow_execution": "child"}
    return (what[variant], getattr(command, variant).seq) if variant in what else None


def _withdraws(command: WorkflowCommand) -> tuple[str, int] | None:
    match command.WhichOneof("variant"):
        case "cancel_timer":
            return "timer", command.cancel_timer.seq
        case "request_cancel_activity":
            return "activity", command.request_cancel_activity.seq
        case "cancel_child_workflow_execution":
            return "child", command.cancel_child_workflow_execution.child_workflow_seq
        case _:
            return None
