"""What a workflow's code asks for: each thing has a machine, which keeps track of it, and becomes a command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from temporalio.api.command.v1 import (
    CancelWorkflowExecutionCommandAttributes,
    Command,
    CompleteWorkflowExecutionCommandAttributes,
    ContinueAsNewWorkflowExecutionCommandAttributes,
    FailWorkflowExecutionCommandAttributes,
    ModifyWorkflowPropertiesCommandAttributes,
    UpsertWorkflowSearchAttributesCommandAttributes,
)
from temporalio.api.common.v1 import Header, Memo, Payload, Payloads, SearchAttributes, WorkflowType
from temporalio.api.history.v1 import WorkflowExecutionStartedEventAttributes
from temporalio.api.protocol.v1 import Message

from harness.library_internals.core_messages import (
    WorkflowCommand,
)
from harness.simulation.core.activity_machine import ActivityMachine
from harness.simulation.core.child_machine import ChildMachine
from harness.simulation.core.external_machines import CancelMachine, SignalMachine
from harness.simulation.core.local_activities import LocalActivities
from harness.simulation.core.machine import Reaction, StateMachine, command, task_queue
from harness.simulation.core.patches import CommandMachine, set_patch
from harness.simulation.core.timer_machine import TimerMachine
from harness.simulation.core.update_machine import UpdateMachine
from harness.simulation.unmodelled import Unmodelled

EAGER_AT_MOST = 3
"""How many activities of one task a worker takes along at once."""

CLOSING = frozenset(f"{one}_workflow_execution" for one in ("complete", "fail", "cancel", "continue_as_new"))
"""What closes the workflow. Of all that the code asks for at once it is done last, and only the first of it."""


class Asked:
    """What the code of one run has asked for.

    Args:
        run_id: The run.
        namespace: Of the server.
        task_queue: What the worker polls.
        eager: Whether the worker takes activities along.

    Attributes:
        local: Its local activities.
        closing: Whether it has asked to be closed.
        answers: Its answers to updates, which are sent with the next answer to a task.
    """

    def __init__(self, *, run_id: str, namespace: str, task_queue: str, eager: bool) -> None:
        self.local = LocalActivities()
        self.closing = False
        self.answers: list[Message] = []
        self._run_id = run_id
        self._namespace = namespace
        self._task_queue = task_queue
        self._eager = eager
        self._taken_along = 0
        self._replaying = False
        self._started = WorkflowExecutionStartedEventAttributes()
        self._by_seq: dict[tuple[str, int], StateMachine] = {}
        self._by_update: dict[str, UpdateMachine] = {}
        self._patches: dict[str, bool] = {}
        self._search_attributes: dict[str, Payload] = {}
        self._handlers: dict[str, Callable[[Any], Reaction]] = {
            "start_timer": self._timer,
            "cancel_timer": self._cancel_timer,
            "schedule_activity": self._activity,
            "request_cancel_activity": self._cancel_activity,
            "schedule_local_activity": self._local_activity,
            "request_cancel_local_activity": self._cancel_local_activity,
            "start_child_workflow_execution": self._child,
            "cancel_child_workflow_execution": self._cancel_child,
            "signal_external_workflow_execution": self._signal,
            "cancel_signal_workflow": self._cancel_signal,
            "request_cancel_external_workflow_execution": self._cancel_external,
            "set_patch_marker": self._patch,
            "upsert_workflow_search_attributes": self._upsert,
            "modify_workflow_properties": self._modify,
            "update_response": self._update_response,
            "complete_workflow_execution": self._complete,
            "fail_workflow_execution": self._fail,
            "cancel_workflow_execution": self._cancelled,
            "continue_as_new_workflow_execution": self._continue,
            "schedule_nexus_operation": self._nexus,
            "request_cancel_nexus_operation": self._nexus,
        }

    @property
    def workflow_type(self) -> str:
        """The type of the workflow."""
        return self._started.workflow_type.name

    # --- what is known from the history ---

    def started(self, attributes: WorkflowExecutionStartedEventAttributes) -> None:
        """Take what the workflow was started with."""
        self._started = attributes
        self._search_attributes = dict(attributes.search_attributes.indexed_fields)

    def patch_ahead(self, patch_id: str) -> None:
        """Take note that the history has a patch."""
        self._patches.setdefault(patch_id, False)

    def update(self, update_id: str, machine: UpdateMachine) -> None:
        """Take an update that the code handles."""
        self._by_update[update_id] = machine

    def next_task(self) -> None:
        """Take note that a new workflow task begins."""
        self._taken_along = 0

    # --- what the code asks for ---

    def take(self, given: WorkflowCommand, *, replaying: bool) -> Reaction:
        """Take one thing, and return what comes of it.

        Args:
            given: What the code asks for.
            replaying: Whether it has asked for it before.
        """
        self._replaying = replaying
        name = str(given.WhichOneof("variant"))
        reaction = self._handlers[name](getattr(given, name))
        for made, _ in reaction.commands:
            _annotate(made, given)
        return reaction

    def _made(self, kind: str, seq: int, machine: Any) -> Any:
        self._by_seq[kind, seq] = machine
        return machine

    def _activity(self, asked: Any) -> Reaction:
        eager = self._eager and asked.task_queue == self._task_queue and self._taken_along < EAGER_AT_MOST
        self._taken_along += eager and not asked.do_not_eagerly_execute
        machine: ActivityMachine = self._made("activity", asked.seq, ActivityMachine(asked))
        return machine.schedule(eager=eager)

    def _child(self, asked: Any) -> Reaction:
        machine: ChildMachine = self._made("child", asked.seq, ChildMachine(asked))
        return machine.start()

    def _timer(self, asked: Any) -> Reaction:
        machine: TimerMachine = self._made("timer", asked.seq, TimerMachine(asked))
        return machine.start()

    def _signal(self, asked: Any) -> Reaction:
        machine: SignalMachine = self._made("signal", asked.seq, SignalMachine(asked))
        return machine.send(self._namespace)

    def _cancel_external(self, asked: Any) -> Reaction:
        return CancelMachine(asked).send(self._run_id)

    def _cancel_timer(self, asked: Any) -> Reaction:
        return self._cancel("timer", asked.seq)

    def _cancel_activity(self, asked: Any) -> Reaction:
        return self._cancel("activity", asked.seq)

    def _cancel_child(self, asked: Any) -> Reaction:
        return self._cancel("child", asked.child_workflow_seq, getattr(asked, "reason", ""))

    def _cancel_signal(self, asked: Any) -> Reaction:
        return self._cancel("signal", asked.seq)

    def _cancel(self, kind: str, seq: int, *arguments: str) -> Reaction:
        machine: Any = self._by_seq[kind, seq]
        reaction: Reaction = machine.cancel(*arguments)
        return reaction

    def _patch(self, asked: Any) -> Reaction:
        if self._patches.get(asked.patch_id):
            return Reaction()
        seen = asked.patch_id in self._patches
        known = [one for one, recorded in self._patches.items() if recorded]
        self._patches[asked.patch_id] = True
        reaction = set_patch(asked.patch_id, deprecated=asked.deprecated, known=known)
        # Code that runs again without the marker in its history has not asked for the search attribute either.
        return Reaction(commands=reaction.commands[:1]) if self._replaying and not seen else reaction

    def _local_activity(self, asked: Any) -> Reaction:
        self.local.schedule(asked, replaying=self._replaying)
        return Reaction()

    def _cancel_local_activity(self, _: Any) -> Reaction:
        raise Unmodelled("the cancellation of a local activity")

    def _update_response(self, asked: Any) -> Reaction:
        message, reaction = self._by_update[asked.protocol_instance_id].answered(asked)
        if not self._replaying:
            self.answers.append(message)
        return reaction

    def _upsert(self, asked: Any) -> Reaction:
        attributes = getattr(asked.search_attributes, "indexed_fields", asked.search_attributes)
        self._search_attributes |= dict(attributes)
        upsert = UpsertWorkflowSearchAttributesCommandAttributes(
            search_attributes=SearchAttributes(indexed_fields=attributes)
        )
        return _plain("upsert_workflow_search_attributes", upsert)

    def _modify(self, asked: Any) -> Reaction:
        modify = ModifyWorkflowPropertiesCommandAttributes(upserted_memo=asked.upserted_memo)
        return _plain("modify_workflow_properties", modify)

    def _nexus(self, _: Any) -> Reaction:
        raise Unmodelled("Nexus operations")

    # --- what closes it ---

    def _close(self, name: str, attributes: Any) -> Reaction:
        self.closing = True
        self.local.drop()
        return _plain(name, attributes)

    def _complete(self, asked: Any) -> Reaction:
        result = Payloads(payloads=[asked.result]) if asked.HasField("result") else None
        return self._close("complete_workflow_execution", CompleteWorkflowExecutionCommandAttributes(result=result))

    def _fail(self, asked: Any) -> Reaction:
        return self._close("fail_workflow_execution", FailWorkflowExecutionCommandAttributes(failure=asked.failure))

    def _cancelled(self, asked: Any) -> Reaction:
        with_details = "details" in asked.DESCRIPTOR.fields_by_name and asked.HasField("details")
        attributes = CancelWorkflowExecutionCommandAttributes(details=asked.details if with_details else None)
        return self._close("cancel_workflow_execution", attributes)

    def _continue(self, asked: Any) -> Reaction:
        memo = dict(asked.memo) or dict(self._started.memo.fields)
        started_policy = self._started.retry_policy if self._started.HasField("retry_policy") else None
        attributes = ContinueAsNewWorkflowExecutionCommandAttributes(
            workflow_type=WorkflowType(name=asked.workflow_type or self.workflow_type),
            task_queue=task_queue(asked.task_queue or self._task_queue),
            input=Payloads(payloads=asked.arguments) if asked.arguments else None,
            workflow_run_timeout=asked.workflow_run_timeout,
            workflow_task_timeout=asked.workflow_task_timeout,
            header=Header(fields=asked.headers) if asked.headers else None,
            memo=Memo(fields=memo) if memo else None,
            retry_policy=asked.retry_policy if asked.HasField("retry_policy") else started_policy,
            inherit_build_id=True,
        )
        if asked.HasField("search_attributes"):
            attributes.search_attributes.CopyFrom(asked.search_attributes)
        elif self._search_attributes:
            attributes.search_attributes.CopyFrom(SearchAttributes(indexed_fields=self._search_attributes))
        return self._close("continue_as_new_workflow_execution", attributes)


def in_order(given: list[WorkflowCommand]) -> list[WorkflowCommand]:
    """Return what the code asks for at once in the order in which it is done, without answers to queries."""
    wanted = [one for one in given if not one.HasField("respond_to_query")]
    closing = [one for one in wanted if one.WhichOneof("variant") in CLOSING]
    return [*(one for one in wanted if one not in closing), *closing[:1]]


def _plain(name: str, attributes: Any) -> Reaction:
    return Reaction(commands=((command(name, attributes), CommandMachine()),))


def _annotate(made: Command, given: WorkflowCommand) -> None:
    if given.HasField("user_metadata"):
        made.user_metadata.CopyFrom(given.user_metadata)
