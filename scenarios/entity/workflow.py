"""An account that lives for ever, in runs that do not: what one run has not done, the next one does."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from scenarios.entity._state import AccountState, read_state
    from scenarios.entity.activities import AccountActivities, Order, Posting


@dataclass(frozen=True)
class Renewal:
    """When a run is over and the next begins: at the first of these that holds. The defaults are meant for production.

    Attributes:
        after_postings: So many postings of this run; None for no such limit.
        when_suggested: When the server says that the history is long (by default 4,096 events or 4 MiB).
        after: So long after the run began; None for no such limit. It lets new code in, and old histories go.
    """

    after_postings: int | None = 1000
    when_suggested: bool = True
    after: timedelta | None = timedelta(days=7)


@dataclass(frozen=True)
class Account:
    """Which account, and how it is kept.

    Attributes:
        name: Its name at the service.
        state: What the run before has handed over, as plain data; None for a new account.
        renewal: When a run is over.
        idle: For how long a run waits for a posting before it looks at its age.
        answer_within: How long the service may take for one posting.
    """

    name: str
    state: dict[str, Any] | None = None
    renewal: Renewal = field(default_factory=Renewal)
    idle: timedelta = timedelta(hours=1)
    answer_within: timedelta = timedelta(seconds=10)


@workflow.defn
class KeepAccount:
    """Takes postings by signal and by update, makes them one by one, and continues as new in good time."""

    @workflow.init
    def __init__(self, account: Account) -> None:
        """Take over what there is before the first signal is delivered, which is before `run` begins."""
        self._account = account
        self._unreadable: ApplicationError | None = None
        try:
            self._state = read_state(account.state)
        except ApplicationError as unreadable:
            # `run` raises it: to fail is the run's business.
            self._state, self._unreadable = AccountState(), unreadable
        self._pending = list(self._state.pending)
        self._begun = self._state.posted + self._state.refused
        self._one_at_a_time = asyncio.Lock()
        self._renewing = False
        self._closed = self._state.closed

    @workflow.run
    async def run(self, account: Account) -> AccountState:  # noqa: ARG002 - the constructor has taken it over
        """Keep the account until it is closed; returns its last state.

        Raises:
            ApplicationError: What was handed over is of a version that this code does not know.
        """
        if self._unreadable is not None:
            raise self._unreadable
        while True:
            await self._something_to_do()
            # One by one, and not until none is left: under a constant stream that would never be.
            while self._pending and not self._over():
                await self._make_the_first()
            if reason := self._over():
                self._renewing = True
                # What an update waits for cannot wait for another run, nor can its answer (CON-019).
                await workflow.wait_condition(workflow.all_handlers_finished)
                # No await from here on: what comes now is refused by the server, which has this task done again.
                self._continue(reason)
            if self._closed and not self._pending:
                await workflow.wait_condition(workflow.all_handlers_finished)
                return self.state()

    @workflow.signal
    def post(self, posting: Posting) -> None:
        """Have a posting made, some time."""
        self._pending.append(posting)

    @workflow.update
    async def withdraw(self, posting: Posting) -> int:
        """Make a posting now; returns the balance that it led to."""
        async with self._one_at_a_time:
            return await self._make(posting)

    @withdraw.validator
    def _refuse_while_renewing(self, posting: Posting) -> None:  # noqa: ARG002 - the update's own argument
        if self._renewing:
            raise ApplicationError("the account is about to continue as new; ask again", type="Renewing")

    @workflow.signal
    def close(self) -> None:
        """Make what is pending, then end."""
        self._closed = True

    @workflow.query
    def state(self) -> AccountState:
        """Return how things stand."""
        return replace(self._state, pending=tuple(self._pending), closed=self._closed)

    async def _something_to_do(self) -> None:
        try:
            await workflow.wait_condition(lambda: bool(self._pending) or self._closed, timeout=self._account.idle)
        except TimeoutError:
            # Nothing has come, which is no failure. Uncaught it would be the workflow's (CON-007).
            workflow.logger.debug("idle")

    def _over(self) -> str:
        """Why this run is over; "" while it is not."""
        renewal, info = self._account.renewal, workflow.info()
        made = self._state.posted + self._state.refused - self._begun
        if renewal.after_postings is not None and made >= renewal.after_postings:
            return "postings"
        if renewal.when_suggested and info.is_continue_as_new_suggested():
            return "suggested"
        return "age" if renewal.after is not None and workflow.now() - info.start_time >= renewal.after else ""

    async def _make_the_first(self) -> None:
        async with self._one_at_a_time:
            try:
                await self._make(self._pending[0])
            except ActivityError as failure:
                if is_cancelled_exception(failure):
                    raise
                # One posting that cannot be made is no reason for an account to end.
                workflow.logger.warning("posting %s was refused: %s", self._pending[0].number, failure.cause)
            # Not before it was made: until then it belongs to what a next run has to do.
            del self._pending[0]

    async def _make(self, posting: Posting) -> int:
        order = Order(account=self._account.name, posting=posting, answer_within=self._account.answer_within)
        try:
            balance = await workflow.execute_activity_method(
                AccountActivities.post, order, start_to_close_timeout=2 * order.answer_within
            )
        except ActivityError as failure:
            if not is_cancelled_exception(failure):
                self._state = replace(self._state, refused=self._state.refused + 1)
            raise
        self._state = replace(self._state, posted=self._state.posted + 1, balance=balance)
        return balance

    def _continue(self, reason: str) -> None:
        """End this run; everything that the next one must know goes with it."""
        told = replace(
            self.state(),
            run=self._state.run + 1,
            renewed={**self._state.renewed, reason: self._state.renewed.get(reason, 0) + 1},
        )
        workflow.continue_as_new(replace(self._account, state=told.to_plain()))
