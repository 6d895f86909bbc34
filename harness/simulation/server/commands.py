"""Does what a workflow asks for in the commands of a task, each as its own file says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.simulation.server.activities import Activities
from harness.simulation.server.children import Children
from harness.simulation.server.ending import ExecutionEnd
from harness.simulation.server.externals import Externals
from harness.simulation.server.owner import ExecutionView
from harness.simulation.server.tasks import TaskAnswer
from harness.simulation.server.timers import Timers
from harness.simulation.server.updates import Updates
from harness.simulation.unmodelled import Unmodelled

CLOSING = frozenset(
    f"{one}_workflow_execution_command_attributes" for one in ("complete", "fail", "cancel", "continue_as_new")
)
"""The commands that close the workflow."""


class Commands:
    """Does what workflow code asks for.

    Args:
        execution: For which execution.
        activities: Its activities.
        timers: Its timers.
        children: Its children.
        externals: What it sends to others.
        updates: Its updates.
        ending: Its end.
    """

    def __init__(
        self,
        execution: ExecutionView,
        *,
        activities: Activities,
        timers: Timers,
        children: Children,
        externals: Externals,
        updates: Updates,
        ending: ExecutionEnd,
    ) -> None:
        self._execution = execution
        self._activities = activities
        self._timers = timers
        self._updates = updates
        self._do: dict[str, Callable[[Any, int], None]] = {
            "schedule_activity_task": activities.schedule,
            "request_cancel_activity_task": activities.request_cancel,
            "start_timer": timers.start,
            "start_child_workflow_execution": children.start,
            "signal_external_workflow_execution": externals.signal,
            "request_cancel_external_workflow_execution": externals.cancel,
            "record_marker": self._record_marker,
            "upsert_workflow_search_attributes": self._upsert,
            "modify_workflow_properties": self._modify,
            "complete_workflow_execution": ending.complete,
            "fail_workflow_execution": ending.fail,
            "cancel_workflow_execution": ending.cancel,
            "continue_as_new_workflow_execution": ending.continue_as_new,
        }

    def obey(self, answer: TaskAnswer, completed_id: int) -> None:
        """Do what a worker asks for.

        Args:
            answer: The worker's.
            completed_id: The event of the task's completion.
        """
        messages = {one.id: one for one in answer.messages}
        for command in answer.commands:
            name = str(command.WhichOneof("attributes"))
            asked, kind = getattr(command, name), name.removesuffix("_command_attributes")
            if kind == "cancel_timer":
                self._timers.cancel(asked, completed_id, answer.identity)
            elif kind == "protocol_message":
                self._updates.take(messages[asked.message_id])
            elif kind in self._do:
                self._do[kind](asked, completed_id)
            else:
                raise Unmodelled(f"the command {kind}")
        self._updates.reject(answer.messages)
        self._activities.begin_eager()

    def _record_marker(self, asked: Any, completed_id: int) -> None:
        self._execution.history.write(
            "marker_recorded",
            {
                "marker_name": asked.marker_name,
                "details": asked.details,
                "workflow_task_completed_event_id": completed_id,
                "header": asked.header if asked.HasField("header") else None,
                "failure": asked.failure if asked.HasField("failure") else None,
            },
        )

    def _upsert(self, asked: Any, completed_id: int) -> None:
        unknown = set(asked.search_attributes.indexed_fields) - {*self._execution.server.search_attributes}
        if unknown:
            raise Unmodelled(f"search attributes that the server does not know ({', '.join(sorted(unknown))})")
        self._execution.history.write(
            "upsert_workflow_search_attributes",
            {"workflow_task_completed_event_id": completed_id, "search_attributes": asked.search_attributes},
        )

    def _modify(self, asked: Any, completed_id: int) -> None:
        self._execution.history.write(
            "workflow_properties_modified",
            {"workflow_task_completed_event_id": completed_id, "upserted_memo": asked.upserted_memo},
        )
