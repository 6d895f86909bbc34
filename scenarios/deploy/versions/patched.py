"""The same next version, patched: open runs go on as they began, new ones print a draft before they post."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from scenarios.deploy.activities import InvoiceActivities
    from scenarios.deploy.workflow import WITHIN

DRAFT_FIRST = "draft-first"


@workflow.defn
class SendInvoice:
    """Asks which way a run began before it goes one of the two."""

    def __init__(self) -> None:
        self._approved = False

    @workflow.run
    async def run(self, number: str) -> list[str]:
        """Send the invoice; returns what was done, in order."""
        if workflow.patched(DRAFT_FIRST):
            await self._print(number)
            await self._post(number)
            await workflow.wait_condition(lambda: self._approved)
            return ["printed", "posted"]
        await self._post(number)
        await workflow.wait_condition(lambda: self._approved)
        await self._print(number)
        return ["posted", "printed"]

    @workflow.signal
    def approve(self) -> None:
        """The invoice may be sent."""
        self._approved = True

    async def _post(self, number: str) -> None:
        await workflow.execute_activity_method(InvoiceActivities.post_invoice, number, start_to_close_timeout=WITHIN)

    async def _print(self, number: str) -> None:
        await workflow.execute_activity_method(InvoiceActivities.print_invoice, number, start_to_close_timeout=WITHIN)
