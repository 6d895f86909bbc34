"""The first thing that a workflow's code hears: what it was started with."""

from __future__ import annotations

from temporalio.api.history.v1 import HistoryEvent

from harness.library_internals.core_messages import (
    InitializeWorkflow,
)
from harness.simulation.core.random_seed import random_seed

AS_THEY_ARE = (
    "workflow_execution_timeout",
    "workflow_run_timeout",
    "workflow_task_timeout",
    "continued_failure",
    "last_completion_result",
    "retry_policy",
    "workflow_execution_expiration_time",
    "memo",
    "search_attributes",
    "priority",
)
"""The fields that have the same name in the event and in the job."""


def initialize(event: HistoryEvent) -> InitializeWorkflow:
    """Return the job for a run's first event."""
    started = event.workflow_execution_started_event_attributes
    job = InitializeWorkflow(
        workflow_type=started.workflow_type.name,
        workflow_id=started.workflow_id,
        arguments=started.input.payloads,
        randomness_seed=random_seed(started.original_execution_run_id),
        headers=started.header.fields,
        identity=started.identity,
        continued_from_execution_run_id=started.continued_execution_run_id,
        continued_initiator=started.initiator,
        first_execution_run_id=started.first_execution_run_id,
        attempt=started.attempt,
        cron_schedule=started.cron_schedule,
        start_time=event.event_time,
        original_execution_run_id=started.original_execution_run_id,
    )
    for name in AS_THEY_ARE:
        if name in job.DESCRIPTOR.fields_by_name and started.HasField(name):  # type: ignore[arg-type]
            getattr(job, name).CopyFrom(getattr(started, name))
    if started.HasField("parent_workflow_execution"):
        job.parent_workflow_info.namespace = started.parent_workflow_namespace
        job.parent_workflow_info.run_id = started.parent_workflow_execution.run_id
        job.parent_workflow_info.workflow_id = started.parent_workflow_execution.workflow_id
    if started.HasField("root_workflow_execution") and "root_workflow" in job.DESCRIPTOR.fields_by_name:
        job.root_workflow.CopyFrom(started.root_workflow_execution)
    return job
