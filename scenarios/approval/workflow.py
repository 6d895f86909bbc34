"""Asks for decisions about a purchase, level by level, and pays when all agree; the first decision of each counts."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from scenarios.approval.activities import ApprovalActivities, Notice, Payment, Purchase

LONGEST_TEXT = 4_000
"""What somebody may write, in characters: all of it stays in the history."""

# Never more than an hour apart: whoever is asked late may still decide in time.
ASK = RetryPolicy(maximum_interval=timedelta(hours=1))


@dataclass(frozen=True)
class Level:
    """Somebody who must agree.

    Attributes:
        name: Who.
        from_cents: Asked for purchases of so much and more.
        within: For how long the decision is waited for.
    """

    name: str
    from_cents: int = 0
    within: timedelta = timedelta(hours=24)


CHAIN = (
    Level("manager"),
    Level("director", from_cents=10_000_00),
    Level("vp", from_cents=100_000_00),
    Level("ceo", from_cents=1_000_000_00),
)
"""Who is asked for how much."""

ONE = (Level("manager", within=timedelta(days=7)),)
"""A single approval is a chain of one."""


@dataclass(frozen=True)
class Request:
    """What is to be decided, and by whom.

    Attributes:
        purchase: What somebody wants to buy.
        chain: Who may have to agree, in this order.
        answer_within: How long a service may take to answer.
    """

    purchase: Purchase
    chain: tuple[Level, ...] = CHAIN
    answer_within: timedelta = timedelta(seconds=10)

    @property
    def levels(self) -> tuple[Level, ...]:
        """Those of the chain who are asked for so much."""
        return tuple(level for level in self.chain if self.purchase.cents >= level.from_cents or not level.from_cents)


@dataclass(frozen=True)
class Decision:
    """What somebody has decided.

    Attributes:
        level: As whom: the name of a level.
        by: Who it was.
        approved: Yes or no. Nothing else is looked at: an empty reason is a reason.
        reason: Why, in words: any text.
    """

    level: str
    by: str
    approved: bool
    reason: str = ""


@dataclass(frozen=True)
class Taken:
    """A decision that counts.

    Attributes:
        by: Who it was.
        approved: Yes or no.
        reason: Why.
        at: When it came.
    """

    by: str
    approved: bool
    reason: str
    at: datetime


@dataclass(frozen=True)
class Settled:
    """What became of a request.

    Attributes:
        status: "approved", "rejected" or "timeout".
        level: Who rejected it, or did not decide in time.
        reason: Why it was not approved: the words of who rejected it, "validation_failed" or "approval_timeout".
        decisions: Those that counted, by level.
        asked: Which levels are known to have been told that their decision was wanted.
        charge: The payment, if it was approved.
    """

    status: str
    level: str | None = None
    reason: str | None = None
    decisions: dict[str, Taken] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    charge: str | None = None


@dataclass(frozen=True)
class Standing:
    """How a request stands.

    Attributes:
        waiting_for: Whose decision would count now; None for nobody's.
        levels: All who are asked, in order.
        decisions: Those that counted, by level.
        ignored: How many decisions came by signal that did not count.
    """

    waiting_for: str | None
    levels: tuple[str, ...]
    decisions: dict[str, Taken]
    ignored: int


@workflow.defn
class Approve:
    """Waits for each level's decision for as long as it has, whether or not it could be told.

    A decision counts when it is the first of the level whose turn it is, from the very start on: it is that level's
    turn as soon as all before it have agreed. Sent as an update, any other is refused, and its sender told why. Sent as
    a signal, for senders who cannot wait, it is counted as ignored.
    """

    @workflow.init
    def __init__(self, request: Request) -> None:
        """Know the levels before the first decision is delivered, which is before `run` begins."""
        self._request = request
        self._levels = request.levels
        self._decisions: dict[str, Taken] = {}
        self._asked: list[str] = []
        self._ignored = 0
        self._over = False

    @workflow.run
    async def run(self, request: Request) -> Settled:
        """See the request to its end.

        Raises:
            ActivityError: It was approved, and cannot be paid.
        """
        checked = await workflow.execute_activity_method(
            ApprovalActivities.check, request.purchase, start_to_close_timeout=timedelta(seconds=30)
        )
        if not checked.is_valid:
            return self._settled("rejected", reason="validation_failed")
        for level in self._levels:
            if level.name not in self._decisions:
                await self._wait_for(level)
            decision = self._decisions.get(level.name)
            if decision is None:
                return self._settled("timeout", level=level.name, reason="approval_timeout")
            if not decision.approved:
                return self._settled("rejected", level=level.name, reason=decision.reason)
        return self._settled("approved", charge=await self._pay())

    @workflow.update
    def decide(self, decision: Decision) -> Taken:
        """Decide, and be told that it counts."""
        return self._take(decision)

    @decide.validator
    def _refuse_what_does_not_count(self, decision: Decision) -> None:
        if refusal := self._refusal(decision):
            raise refusal

    @workflow.signal
    def tell(self, decision: Decision) -> None:
        """Decide without waiting for an answer."""
        if refusal := self._refusal(decision):
            self._ignored += 1
            workflow.logger.warning("a decision was ignored: %s", refusal)
        else:
            self._take(decision)

    @workflow.query
    def standing(self) -> Standing:
        """Return how things stand."""
        turn = self._turn()
        return Standing(
            waiting_for=turn.name if turn else None,
            levels=tuple(level.name for level in self._levels),
            decisions=self._decisions,
            ignored=self._ignored,
        )

    def _turn(self) -> Level | None:
        """The level whose decision would count now.

        Told from the decisions themselves, not from how far `run` has come: two may be delivered before it goes on.
        """
        if self._over or any(not one.approved for one in self._decisions.values()):
            return None
        return next((level for level in self._levels if level.name not in self._decisions), None)

    def _refusal(self, decision: Decision) -> ApplicationError | None:
        """Why a decision does not count; None for one that does."""
        if max(len(decision.by), len(decision.reason)) > LONGEST_TEXT:
            return ApplicationError(f"nobody may write more than {LONGEST_TEXT} characters", type="TooLong")
        if decision.level not in {level.name for level in self._levels}:
            return ApplicationError("nobody of that name decides this request", type="NoSuchLevel")
        if decision.level in self._decisions:
            return ApplicationError(f"the {decision.level} has decided already", type="DecidedAlready")
        turn = self._turn()
        if turn is None:
            return ApplicationError("nothing is left to decide", type="Settled")
        if decision.level != turn.name:
            return ApplicationError(f"it is the turn of the {turn.name}; ask again later", type="NotYourTurn")
        return None

    def _take(self, decision: Decision) -> Taken:
        taken = Taken(by=decision.by, approved=decision.approved, reason=decision.reason, at=workflow.now())
        return self._decisions.setdefault(decision.level, taken)

    async def _wait_for(self, level: Level) -> None:
        """Wait for a decision while its level is being told: the time runs also when nobody can be told."""
        notice = self._ask(level)
        try:
            with suppress(TimeoutError):
                await workflow.wait_condition(lambda: level.name in self._decisions, timeout=level.within)
        finally:
            notice.cancel()
        try:
            await notice
            self._asked.append(level.name)
        except ActivityError as failure:
            workflow.logger.warning("the %s is not known to have been asked: %s", level.name, failure.cause)

    def _ask(self, level: Level) -> workflow.ActivityHandle[None]:
        """Begin to tell a level that its decision is wanted."""
        within = self._request.answer_within
        return workflow.start_activity_method(
            ApprovalActivities.ask,
            Notice(
                key=f"{workflow.info().workflow_id}:{level.name}",
                level=level.name,
                purchase=self._request.purchase,
                workflow_id=workflow.info().workflow_id,
                answer_within=within,
            ),
            start_to_close_timeout=2 * within,
            schedule_to_close_timeout=level.within,
            retry_policy=ASK,
        )

    async def _pay(self) -> str:
        return await workflow.execute_activity_method(
            ApprovalActivities.pay,
            Payment(
                key=f"{workflow.info().workflow_id}:payment",
                purchase=self._request.purchase,
                answer_within=self._request.answer_within,
            ),
            start_to_close_timeout=2 * self._request.answer_within,
            schedule_to_close_timeout=timedelta(minutes=30),
        )

    def _settled(
        self, status: str, *, level: str | None = None, reason: str | None = None, charge: str | None = None
    ) -> Settled:
        self._over = True
        return Settled(
            status=status,
            level=level,
            reason=reason,
            decisions=self._decisions,
            asked=tuple(self._asked),
            charge=charge,
        )
