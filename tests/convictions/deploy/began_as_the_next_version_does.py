"""Goes the next version's way already, so that nothing incompatible is ever deployed: the scenario proves nothing."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.deploy.activities import InvoiceActivities

from scenarios.deploy.workflow import WITHIN, SendInvoice

TRIED_WITH = ["deploy/incompatible_is_rolled_back"]
CONVICTED_BY = "stuck_task"


@workflow.defn(name="SendInvoice")
class BeganAsTheNextVersionDoes(SendInvoice):
    """Prints, posts, waits."""

    @workflow.run
    async def run(self, number: str) -> list[str]:
        """Send the invoice; returns what was done, in order."""
        await workflow.execute_activity_method(InvoiceActivities.print_invoice, number, start_to_close_timeout=WITHIN)
        await workflow.execute_activity_method(InvoiceActivities.post_invoice, number, start_to_close_timeout=WITHIN)
        await workflow.wait_condition(lambda: self._approved)
        return ["printed", "posted"]
