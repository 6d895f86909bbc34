"""A workflow run in a worker's cache: it turns history into activations, and what workflow code asks for into commands.

As the SDK's core does in `workflow_machines.rs`: code that has run before is run again with the same history, and what
it asks for then is matched with the events that the server wrote for it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.command.v1 import Command
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.protocol.v1 import Message
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.sdk.v1 import WorkflowTaskCompletedMetadata
from temporalio.api.update.v1 import Request

from harness.library_internals.core_messages import (
    CancelWorkflow,
    NotifyHasPatch,
    QueryWorkflow,
    SignalWorkflow,
    Success,
    WorkflowActivation,
    WorkflowActivationJob,
)
from harness.simulation.core.asked import Asked, in_order
from harness.simulation.core.events import ABOUT, COMMANDS, records
from harness.simulation.core.initialize import initialize
from harness.simulation.core.local_activities import LocalResolution, local_activity_of
from harness.simulation.core.machine import Reaction, StateMachine
from harness.simulation.core.patches import PatchMachine, patch_of
from harness.simulation.core.sequences import next_sequence
from harness.simulation.core.update_machine import UpdateMachine
from harness.simulation.messages import NANOS
from harness.simulation.server.tasks import WorkflowTask
from harness.simulation.unmodelled import Unmodelled

CORE_FLAGS = (1, 2, 3, 4)
"""The flags of the SDK's core that are set in every history."""

ORDER = {"initialize_workflow": 0, "notify_has_patch": 1, "update_random_seed": 2, "signal_workflow": 3, "do_update": 3}
"""In which order the jobs of an activation come; all others come behind these, local activities last."""

ANOTHER_WAY = "workflow code that is not deterministic"


class WorkflowRun:
    """One run.

    Args:
        task: The first task of it that came.
        asked: What its code asks for.
        sdk: The name and the version of the SDK.
    """

    def __init__(self, task: WorkflowTask, asked: Asked, *, sdk: tuple[str, str]) -> None:
        self.task = task
        self.run_id = task.run_id
        self.asked = asked
        self._sdk = sdk
        self._now_ns = 0
        self._waiting: deque[HistoryEvent] = deque()
        self._messages: list[Message] = []
        self._heard_until = 0
        self._previous_started_id = 0
        self._replaying = False
        self._jobs: list[WorkflowActivationJob] = []
        self._commands: deque[tuple[Command, StateMachine]] = deque()
        self._by_event: dict[int, StateMachine] = {}
        self._flags: set[int] = set()
        self._new_flags: set[int] = set()
        self._flags_written = False
        self._history_size = 0
        self._suggests_continuing = False

    # --- tasks ---

    def take(self, task: WorkflowTask) -> None:
        """Take a workflow task; `activation` then returns what the workflow's code hears of it."""
        self.task = task
        self._waiting = deque(one for one in task.events if one.event_id > self._heard_until)
        self._messages = list(task.messages)
        self._previous_started_id = task.previous_started_id
        self._replaying = task.previous_started_id > 0
        self._hear_next()

    def query(self, query_id: str, query: WorkflowQuery) -> WorkflowActivation:
        """Return the activation for a query, which always counts as a replay."""
        job = QueryWorkflow(
            query_id=query_id,
            query_type=query.query_type,
            arguments=query.query_args.payloads,
            headers=query.header.fields,
        )
        return self._activation([WorkflowActivationJob(query_workflow=job)], replaying=True)

    def undo(self) -> None:
        """Forget the last task, of which the history says nothing: that it was scheduled and has started."""
        self._heard_until -= 2

    def activation(self) -> WorkflowActivation | None:
        """Return what the workflow's code hears next; None when there is nothing."""
        while not self._jobs and self._waiting:
            self._hear_next()
        if not self._jobs:
            return None
        jobs, self._jobs = sorted(self._jobs, key=_order), []
        self.asked.local.activation += 1
        return self._activation(jobs, replaying=self._replaying)

    def _activation(self, jobs: list[WorkflowActivationJob], *, replaying: bool) -> WorkflowActivation:
        return WorkflowActivation(
            run_id=self.run_id,
            timestamp=Timestamp(seconds=self._now_ns // NANOS, nanos=self._now_ns % NANOS),
            is_replaying=replaying,
            history_length=self._heard_until,
            jobs=jobs,
            available_internal_flags=sorted(self._flags | self._new_flags),
            history_size_bytes=self._history_size,
            continue_as_new_suggested=self._suggests_continuing,
        )

    def asked_for(self, success: Success) -> None:
        """Take what the workflow's code asks for after an activation."""
        self._new_flags |= {*success.used_internal_flags} - self._flags
        for one in in_order([*success.commands]):
            self._react(self.asked.take(one, replaying=self._replaying))
        self._resolve_locals(self.asked.local.known_already())

    def resolved_local(self, resolved: LocalResolution) -> None:
        """Take what became of a local activity."""
        self._resolve_locals([(resolved.complete_ns, self.asked.local.ended(resolved))])

    def commands(self) -> list[Command]:
        """Return what the server is asked for with the answer to the task."""
        return [asked for asked, machine in self._commands if not machine.dropped]

    def messages(self) -> list[Message]:
        """Return the answers to updates."""
        answers, self.asked.answers = self.asked.answers, []
        return answers

    def metadata(self) -> WorkflowTaskCompletedMetadata:
        """Return the flags that are used from this task on."""
        found = WorkflowTaskCompletedMetadata(lang_used_flags=sorted(self._new_flags))
        if not self._flags_written:
            self._flags_written = True
            found.core_used_flags.extend(CORE_FLAGS)
            found.sdk_name, found.sdk_version = self._sdk
        self._flags |= self._new_flags
        self._new_flags.clear()
        return found

    # --- history ---

    def _hear_next(self) -> None:
        """Hear what belongs to the next task in the history."""
        if not self._waiting:
            self._replaying = False
            return
        self.asked.next_task()
        events = [self._waiting.popleft() for _ in range(next_sequence(self._waiting))]
        is_last = not self._waiting
        for event in (*events, *[*self._waiting][:1]):
            self._take_flags(event)
        for event in events:
            self._hear(event, is_last=is_last)
        self._look_ahead()

    def _hear(self, event: HistoryEvent, *, is_last: bool) -> None:
        is_command = event.event_type in COMMANDS
        new = event.event_id > self._previous_started_id and not is_command
        if is_last and new and event.event_type != EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
            self._replaying = False
        due = [one for one in self._messages if one.event_id <= event.event_id - 1]
        self._messages = [one for one in self._messages if one not in due]
        for message in due:
            request = Request()
            message.body.Unpack(request)
            self._update(UpdateMachine(message.id, message.protocol_instance_id, message.event_id, request))
        self._heard_until = event.event_id
        if event.worker_may_ignore:
            return
        if is_command:
            self._recorded(event)
        elif event.event_type in ABOUT:
            attributes = getattr(event, str(event.WhichOneof("attributes")))
            machine = self._by_event.get(getattr(attributes, ABOUT[event.event_type]))
            if machine is None:
                raise Unmodelled(ANOTHER_WAY)
            self._jobs += machine.heard(event)
        else:
            self._hear_other(event)

    def _hear_other(self, event: HistoryEvent) -> None:
        """Hear an event that is about nothing that the workflow has asked for."""
        job = None
        if event.HasField("workflow_execution_started_event_attributes"):
            self.asked.started(event.workflow_execution_started_event_attributes)
            self._now(event)
            job = WorkflowActivationJob(initialize_workflow=initialize(event))
        elif event.HasField("workflow_execution_signaled_event_attributes"):
            signaled = event.workflow_execution_signaled_event_attributes
            signal = SignalWorkflow(
                signal_name=signaled.signal_name,
                input=signaled.input.payloads,
                identity=signaled.identity,
                headers=signaled.header.fields,
                originating_event_id=event.event_id,
            )
            job = WorkflowActivationJob(signal_workflow=signal)
        elif event.HasField("workflow_execution_cancel_requested_event_attributes"):
            cause = event.workflow_execution_cancel_requested_event_attributes.cause
            job = WorkflowActivationJob(cancel_workflow=CancelWorkflow(reason=cause))
        elif event.HasField("workflow_task_started_event_attributes"):
            task = event.workflow_task_started_event_attributes
            self._history_size = task.history_size_bytes
            self._suggests_continuing = task.suggest_continue_as_new
            self._now(event)
        if job is not None:
            self._jobs.append(job)

    def _recorded(self, event: HistoryEvent) -> None:
        """Match an event with what the workflow's code has asked for."""
        local = local_activity_of(event)
        if local is not None and self.asked.local.recorded(local):
            return
        while self._commands and self._commands[0][1].dropped:
            self._commands.popleft()
        if not self._commands:
            raise Unmodelled(ANOTHER_WAY)
        is_patch = isinstance(self._commands[0][1], PatchMachine)
        if is_patch != bool(patch_of(event)):
            raise Unmodelled("a history whose patches are not those of the workflow's code")
        asked, machine = self._commands.popleft()
        if not records(event, asked):
            raise Unmodelled(ANOTHER_WAY)
        machine.recorded(event)
        self._by_event[event.event_id] = machine

    def _look_ahead(self) -> None:
        """Find what was known already when the code ran for the first time: patches, local activities, updates."""
        for event in [*self._waiting][: next_sequence(self._waiting)]:
            patch = patch_of(event)
            local = local_activity_of(event)
            if patch:
                self.asked.patch_ahead(patch)
                self._jobs.append(WorkflowActivationJob(notify_has_patch=NotifyHasPatch(patch_id=patch)))
            elif local is not None:
                self.asked.local.looked_ahead(local)
            elif event.HasField("workflow_execution_update_accepted_event_attributes"):
                accepted = event.workflow_execution_update_accepted_event_attributes
                self._update(
                    UpdateMachine(
                        accepted.accepted_request_message_id,
                        accepted.protocol_instance_id,
                        accepted.accepted_request_sequencing_event_id,
                        accepted.accepted_request,
                    )
                )
        self._resolve_locals(self.asked.local.known_already())

    def _update(self, machine: UpdateMachine) -> None:
        job = machine.job(replaying=self._replaying)
        self.asked.update(job.do_update.protocol_instance_id, machine)
        self._jobs.append(job)

    def _take_flags(self, event: HistoryEvent) -> None:
        if event.HasField("workflow_task_completed_event_attributes"):
            metadata = event.workflow_task_completed_event_attributes.sdk_metadata
            self._flags |= {*metadata.lang_used_flags}
            self._flags_written = self._flags_written or bool(metadata.core_used_flags)

    def _now(self, event: HistoryEvent) -> None:
        self._now_ns = max(self._now_ns, event.event_time.seconds * NANOS + event.event_time.nanos)

    def _react(self, reaction: Reaction) -> None:
        self._jobs += reaction.jobs
        self._commands += reaction.commands

    def _resolve_locals(self, resolved: Iterable[tuple[int, Reaction]]) -> None:
        for complete_ns, reaction in resolved:
            self._now_ns = max(self._now_ns, complete_ns)
            self._react(reaction)


def _order(job: WorkflowActivationJob) -> int:
    name = str(job.WhichOneof("variant"))
    return 5 if name == "resolve_activity" and job.resolve_activity.is_local else ORDER.get(name, 4)
