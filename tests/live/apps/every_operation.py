"""The Nexus service of `every_command`."""

from __future__ import annotations

from nexusrpc.handler import StartOperationContext, service_handler, sync_operation
from temporalio import nexus
from temporalio.nexus import WorkflowRunOperationContext, workflow_run_operation

from tests.live.apps.every_command import FilesAway


@service_handler(name="Clerk")
class Clerk:
    """Greets at once, and files away for ever."""

    @sync_operation
    async def greet(self, _context: StartOperationContext, name: str) -> str:
        """Greet."""
        return f"hello {name}"

    @workflow_run_operation
    async def file_away(self, context: WorkflowRunOperationContext, what: str) -> nexus.WorkflowHandle[str]:
        """Have a workflow do it."""
        return await context.start_workflow(FilesAway.run, what, id=f"filing-{context.request_id}")
