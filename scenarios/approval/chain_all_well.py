"""A purchase for which everybody must agree: they are asked one after the other, each with a day of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fakes.notifications import Notifications
from fakes.payments import Payments
from harness import AtMostOnce, EffectsInOrder, LiveRun, NoDoubleDecision, NoItemLost, Outcome, Recorded
from harness.events import CallAnswered
from scenarios.approval import all_well
from scenarios.approval.activities import Purchase
from scenarios.approval.workflow import Decision, Request

LEVELS = ["manager", "director", "vp", "ceo"]


def costing(cents: int) -> Request:
    """A request with production's chain, for a purchase of so much."""
    return Request(purchase=Purchase(id="p1", what="a house", cents=cents))


def decided_by(levels: Sequence[str]) -> NoDoubleDecision:
    """Each of these levels decides once."""
    return replace(all_well.DECIDED, levels=levels)


async def drive(run: LiveRun) -> None:
    """Each approves once it was asked."""
    for number, level in enumerate(LEVELS, start=1):
        await run.told(CallAnswered, call=f"{Notifications.send}#{number}")
        await all_well.ask_for(run, Decision(level=level, by=f"the {level}", approved=True))


scenario = replace(
    all_well.scenario,
    given=costing(1_000_000_00),
    drive=drive,
    expects=[
        Outcome(
            result={
                "status": "approved",
                "decisions": {level: {"by": f"the {level}", "approved": True} for level in LEVELS},
            }
        ),
        decided_by(LEVELS),
        NoItemLost(of=Notifications.send, per="kind", items=[f"decision_of_{level}" for level in LEVELS]),
        AtMostOnce(of=Notifications.send, per="kind"),
        EffectsInOrder(operations=[*[Notifications.send] * 4, Payments.charge]),
        Recorded(event="TimerStarted", having={"startToFireTimeout": "86400s"}, count=4),
    ],
    claims=["APC-001"],
)
