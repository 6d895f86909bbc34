"""Goes the new way without asking for the patch: nothing in the history says which way a run began."""

from __future__ import annotations

from temporalio import workflow

from scenarios.deploy.versions.patched import SendInvoice

TRIED_WITH = ["deploy/patched_begins"]
CONVICTED_BY = "recorded"


@workflow.defn(name="SendInvoice")
class GoesTheNewWayUnasked(SendInvoice):
    """Prints, posts, waits."""

    @workflow.run
    async def run(self, number: str) -> list[str]:
        """Send the invoice; returns what was done, in order."""
        await self._print(number)
        await self._post(number)
        await workflow.wait_condition(lambda: self._approved)
        return ["printed", "posted"]
