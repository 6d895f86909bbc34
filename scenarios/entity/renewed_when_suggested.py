"""The server says when a history is long: runs end there, whether by many events or by large ones, and none is lost."""

from __future__ import annotations

from dataclasses import replace

from fakes.accounts import Accounts
from harness import HistoryBounded, LiveRun, NoItemLost, Outcome, Recorded
from scenarios.entity import all_well
from scenarios.entity._limited import LIMITED
from scenarios.entity.activities import Posting
from scenarios.entity.workflow import Renewal

POSTINGS = [Posting(number=number, cents=1) for number in range(20)]


async def drive(run: LiveRun) -> None:
    """Send more than one run may have."""
    await all_well.send(run, POSTINGS)


scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, renewal=Renewal(after_postings=None)),
    server=LIMITED,
    drive=drive,
    expects=[
        Outcome(result={"balance": 20, "posted": 20}),
        all_well.CARRIED,
        NoItemLost(of=Accounts.post, per="number", items=range(20)),
        Recorded(
            event="WorkflowTaskStarted",
            having={"suggestContinueAsNewReasons": ["SUGGEST_CONTINUE_AS_NEW_REASON_TOO_MANY_HISTORY_EVENTS"]},
        ),
        HistoryBounded(events=100),
    ],
    claims=["CON-010", "CON-011", "CON-012"],
)
