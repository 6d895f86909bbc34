"""What an exploration adds around workflow code: it names each call as it is scheduled, and shortens the waits.

It sees and changes commands on their way out of the workflow, so that the workflow's own code, its sandbox and its
determinism stay as they are. What is in the history is then what was sent; a replay does not compare such options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails, WorkflowRunner

from harness.evidence.calls import CallMade, CallName, CallPlace
from harness.evidence.history import read_failure
from harness.explore.inject.cancellation import EVENT
from harness.explore.inject.injected_failure import INJECTED
from harness.explore.inject.injector import Injector
from harness.explore.model.schedule import PlannedFault
from harness.library_internals.workflow_messages import ActivityCancellationType, WorkflowActivationCompletion
from harness.library_internals.workflow_runner import DelegatingInstance, DelegatingRunner
from harness.workers.workflow_runners import hears_of, is_task, shorten

TIMES_OUT_WITHIN = timedelta(seconds=1)
"""What the timeout of a call is shortened to when the server's own timeout has to fire. It takes real time; long
enough that a second attempt, on a machine busy with other runs, does not run into it."""

RETRIES_AFTER = timedelta(milliseconds=10)
"""What the first wait between attempts is shortened to where the clock does not skip it; each is twice as long as the
one before."""

RETRIES_AT_LAST_AFTER = timedelta(milliseconds=200)
"""How long such a wait gets: a call that retries for a day tries some dozens of times, and no thousands."""

GIVES_UP_WITHIN = timedelta(seconds=8)
"""What a `schedule_to_close` is shortened to where the clock does not skip the waits: those 0.2 s are then to it as
minutes are to hours. Long enough for an answer that comes late, and for a worker that is killed."""

ATTEMPTS_AT_MOST = 5
"""How many attempts a call has that must fail on all of them."""

TIMER = "timer"
"""The name of timers among calls."""

Belongs = Callable[[WorkflowInstanceDetails], tuple[Injector, str] | None]


def _ms(duration: timedelta) -> str:
    return f"{duration / timedelta(milliseconds=1):g}"


def what_is_shortened(*, skips: bool) -> tuple[str, ...]:
    """Return what is not as in production, one sentence each, where workflows' clocks skip or do not."""
    waits = (
        "workflows' clocks skip what nobody works in: timers and waits between attempts take no time"
        if skips
        else f"waits between attempts are shortened to {_ms(RETRIES_AFTER)} to {_ms(RETRIES_AT_LAST_AFTER)} ms, and "
        f"what all attempts together may take to {GIVES_UP_WITHIN.total_seconds():g} s"
    )
    seconds = f"{TIMES_OUT_WITHIN.total_seconds():g} s"
    return (
        f"{waits}.",
        f"where a timeout must fire, that call's are at most {seconds}, or ten times what its body took.",
        f"a call that must fail on every attempt has at most {ATTEMPTS_AT_MOST}.",
    )


class ExploringRunner(DelegatingRunner):
    """Wraps the instances of those workflows that belong to an injector.

    Args:
        inner: Does the work.
        belongs: Finds the injector of a workflow, and the name that its calls go by.
        task_queue: What the worker polls: every activity and child is sent there, since there is no other worker.
        shorten: Whether waits between attempts are shortened, for want of a skipping clock.
        untouched: Whether no timeout may be shortened.
        took: How many seconds the body of a call took without a fault.
    """

    def __init__(
        self,
        inner: WorkflowRunner,
        *,
        belongs: Belongs,
        task_queue: str,
        shorten: bool,
        untouched: bool,
        took: Callable[[CallName], float],
    ) -> None:
        super().__init__(inner)
        self._belongs = belongs
        self._task_queue = task_queue
        self._shorten = shorten
        self._untouched = untouched
        self._took = took

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Wrap an instance of the inner runner's."""
        inner = self._inner.create_instance(det)
        found = self._belongs(det)
        if found is None:
            return inner
        injector, workflow = found
        return _Explored(
            inner,
            det,
            injector=injector,
            workflow=workflow,
            task_queue=self._task_queue,
            shorten=self._shorten and not self._untouched,
            untouched=self._untouched,
            took=self._took,
        )


class _Explored(DelegatingInstance):
    def __init__(
        self,
        inner: WorkflowInstance,
        details: WorkflowInstanceDetails,
        *,
        injector: Injector,
        workflow: str,
        task_queue: str,
        shorten: bool,
        untouched: bool,
        took: Callable[[CallName], float],
    ) -> None:
        super().__init__(inner)
        self._took = took
        self._info = details.info
        self._injector = injector
        self._workflow = workflow
        self._task_queue = task_queue
        self._shorten = shorten
        self._untouched = untouched
        self._activities: dict[int, CallName] = {}
        self._heard = 0

    def activate(self, act: Any) -> Any:
        """Run one workflow task, and see to its commands."""
        child = None if act.is_replaying else self._injector.child_fault(self._info.workflow_id)
        begins = any(job.HasField("initialize_workflow") for job in act.jobs)
        if child is not None and child.kind.instead_of_child and begins:
            self._injector.injected(child)
            refused = WorkflowActivationCompletion(run_id=act.run_id)
            _fail(refused.successful.commands.add(), child.kind.instead_of_child)
            return refused
        completion = self._inner.activate(act)
        # Of a child, the call is what can be cancelled.
        heard = [] if self._workflow else [*self._hears(act)]
        if any(job.HasField("cancel_workflow") for job in act.jobs):
            self._injector.cancel_arrived(given_up=self._given_up(completion))
        if completion.HasField("failed"):
            failure = read_failure(MessageToDict(completion.failed.failure))
            self._injector.failed_task(self._info.workflow_id, failure.of_task, failure.stack_trace)
        called = self._commands(completion, act, child)
        if not act.is_replaying:
            for event in heard:
                # Recorded before this task is completed, so that it is the next that the workflow hears of.
                self._injector.in_task(event, self._info.workflow_id, called=called)
        return completion

    def _commands(self, completion: Any, act: Any, child: PlannedFault | None) -> list[CallName]:
        """See to the commands of a task, and return the activities that are called, local ones aside."""
        called: list[CallName] = []
        for command in completion.successful.commands:
            if command.HasField("schedule_activity"):
                called.append(self._activity(command.schedule_activity))
            elif command.HasField("schedule_local_activity"):
                self._activity(command.schedule_local_activity, local=True)
            elif command.HasField("start_child_workflow_execution"):
                self._child(command.start_child_workflow_execution)
            elif command.HasField("start_timer"):
                self._timer(command.start_timer, act)
            elif command.HasField("complete_workflow_execution") and child is not None:
                self._returned(command, child)
        return called

    def _hears(self, act: Any) -> Iterator[CallName]:
        """Yield what the workflow receives in a task, under the number that it has in its run."""
        task = self._injector.begins_task() if is_task(act) else 0
        for received in hears_of(act):
            self._heard += 1
            made = self._injector.scheduled(
                self._workflow,
                self._info.run_id,
                EVENT,
                number=str(self._heard),
                made=CallMade(
                    call=CallName(workflow="", activity="", nth=0),
                    order=0,
                    place=CallPlace.EVENT,
                    task=task,
                    received=received,
                ),
            )
            # A worker that is killed at a task is killed at all that comes in it.
            task = 0
            if not act.is_replaying and self._injector.planned(made.call):
                self._injector.note("workflow", f"{made.call} is {received}")
            yield made.call

    def _returned(self, command: Any, child: PlannedFault) -> None:
        if child.kind.instead_of_child_result:
            self._injector.injected(child)
            _fail(command, child.kind.instead_of_child_result)

    def _given_up(self, completion: Any) -> set[CallName]:
        """Return the calls that the workflow's code no longer waits for, whatever becomes of them."""
        commands = [one for one in completion.successful.commands if one.HasField("request_cancel_activity")]
        numbers = [one.request_cancel_activity.seq for one in commands]
        return {self._activities[one] for one in numbers if one in self._activities}

    def _activity(self, command: Any, *, local: bool = False) -> CallName:
        policy, most = command.retry_policy, command.retry_policy.maximum_attempts
        has_budget = command.HasField("schedule_to_close_timeout")
        made = self._injector.scheduled(
            self._workflow,
            self._info.run_id,
            command.activity_type,
            number=command.activity_id or str(command.seq),
            made=CallMade(
                call=CallName(workflow="", activity="", nth=0),
                order=0,
                maximum_attempts=most,
                bounded=most > 0 or has_budget,
                gives_up_within=_gives_up_within(command),
                place=CallPlace.LOCAL_ACTIVITY if local else CallPlace.ACTIVITY,
            ),
        )
        if local:
            return made.call
        if command.cancellation_type == ActivityCancellationType.TRY_CANCEL:
            self._activities[command.seq] = made.call
        command.task_queue = self._task_queue
        planned = self._injector.planned(made.call)
        if self._shorten:
            if not command.HasField("retry_policy"):
                policy.maximum_attempts = 0
            policy.initial_interval.FromTimedelta(RETRIES_AFTER)
            policy.maximum_interval.FromTimedelta(RETRIES_AT_LAST_AFTER)
            policy.backoff_coefficient = 2
            shorten(command, "schedule_to_close_timeout", max(GIVES_UP_WITHIN, self._at_least(made.call)))
        if self._untouched:
            return made.call
        if most > ATTEMPTS_AT_MOST and any(one.kind.fails_all_attempts for one in planned):
            policy.maximum_attempts = ATTEMPTS_AT_MOST
            self._injector.attempts_at_most(made.call, ATTEMPTS_AT_MOST)
        if any(one.kind.times_out for one in planned):
            within = max(TIMES_OUT_WITHIN, self._at_least(made.call))
            for name in ("start_to_close_timeout", "heartbeat_timeout"):
                shorten(command, name, within)
            if not command.HasField("start_to_close_timeout"):
                shorten(command, "schedule_to_close_timeout", within)
        return made.call

    def _at_least(self, call: CallName) -> timedelta:
        """How long an attempt may take at least: ten times what its body took without a fault."""
        return 10 * timedelta(seconds=self._took(call))

    def _child(self, command: Any) -> None:
        command.task_queue = self._task_queue
        made = self._injector.scheduled(
            self._workflow,
            self._info.run_id,
            command.workflow_type,
            number=str(command.seq),
            made=CallMade(call=CallName(workflow="", activity="", nth=0), order=0, bounded=True, place=CallPlace.CHILD),
        )
        self._injector.children[command.workflow_id] = made.call

    def _timer(self, command: Any, act: Any) -> None:
        made = self._injector.scheduled(
            self._workflow,
            self._info.run_id,
            TIMER,
            number=str(command.seq),
            made=CallMade(call=CallName(workflow="", activity="", nth=0), order=0, place=CallPlace.TIMER),
        )
        if not act.is_replaying:
            # Recorded before this task is completed, so that it arrives while the timer is waited for.
            self._injector.in_task(made.call, self._info.workflow_id)


def _gives_up_within(command: Any) -> float:
    names = ("start_to_close_timeout", "schedule_to_close_timeout", "heartbeat_timeout")
    given = [
        getattr(command, name).ToTimedelta()
        for name in names
        if name in command.DESCRIPTOR.fields_by_name and command.HasField(name)
    ]
    return min(given, default=timedelta(0)).total_seconds()


def _fail(command: Any, text: str) -> None:
    """Turn a command into the failure of the workflow."""
    failure = command.fail_workflow_execution.failure
    failure.message = text
    failure.application_failure_info.type = INJECTED
    failure.application_failure_info.non_retryable = True
