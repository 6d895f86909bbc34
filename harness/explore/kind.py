"""How a call can go wrong: the contract of every kind of fault of an exploration, and the families they belong to.

A kind says where it applies, how it is injected there and what a report says of it. It knows neither who performs a
schedule nor how: it talks to the small interfaces below, which every backend offers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from harness.evidence.calls import CallMade, CallName, CallPlace

if TYPE_CHECKING:
    # A file with a target and its workflow in it is imported in the workflow sandbox, which allows no HTTP server.
    from harness.fault import Fault
    from harness.services.operation import Operation
    from harness.services.service import FakeService


class ActivityAttempt(Protocol):
    """One attempt of an activity, before its body runs."""

    @property
    def made(self) -> CallMade:
        """The call that it belongs to."""

    @property
    def number(self) -> int:
        """Which attempt it is, from 1."""

    @property
    def was_injected(self) -> bool:
        """Whether the fault has been injected before, at an earlier attempt for instance."""

    @property
    def repeats(self) -> bool:
        """Whether it is of the call at which the fault is planned, or does the same again after the fault."""

    def injected(self) -> None:
        """Record that the fault was injected."""

    def failure(self, what: str, *, non_retryable: bool = False) -> Exception:
        """Return the failure to raise in the body's place."""

    def body(self) -> Awaitable[Any]:
        """Run the body, and return what it returns."""

    async def cancel(self) -> None:
        """Ask the workflow to cancel; returns once the workflow's code has received that."""

    async def outlast(self) -> None:
        """Wait until all workflows of the run have ended."""


class Task(Protocol):
    """A workflow task in which a workflow has started a timer or received an event, before the task is completed."""

    def cancel(self) -> None:
        """Ask the workflow to cancel: that is the next event that it receives."""


class SignalDelivery(Protocol):
    """A signal or an update that the target's driver sends. Whatever is not `send` is recorded as injected."""

    async def send(self) -> None:
        """Deliver it."""

    async def send_again(self) -> None:
        """Deliver it once more, as a client does that got no answer."""

    async def send_late(self) -> None:
        """Deliver it late; whoever sends it waits for that long."""

    async def send_after_next(self) -> None:
        """Deliver it after the signal that the driver sends next, if it sends one while this one is on its way."""


@dataclass(frozen=True, kw_only=True)
class FaultSite:
    """A call in a run of a scenario, whose fakes, proxies and worker processes a fault can be armed at.

    Attributes:
        call: Which.
        operations: The operations of the scenario's fakes, by names such as "flights.book".
        started: The type of the workflow that the scenario starts; None if it is not known.
    """

    call: CallName
    operations: Mapping[str, Operation]
    started: str | None = None

    @property
    def operation(self) -> Operation:
        """The operation of a request."""
        return self.operations[self.call.activity]

    @property
    def service(self) -> type[FakeService]:
        """The fake of that operation."""
        owner = self.operation.owner
        assert owner is not None  # noqa: S101 - it was read from its fake
        return owner


class FaultKind:
    """One way in which a call can go wrong.

    Attributes:
        order: Its place among all kinds, the most telling first: the order in which a budget is spent.
        harm: From 1 for the mildest on; a finding is reported with the mildest kind that shows it.
        sentence: What happens, as a sentence whose subject is the call.
        places: What kinds of calls it can be injected at.
        formerly: How it was spelled before it was renamed; "" if it was not.
        commits: Whether a body runs to its end behind an answer that is lost. Not tried at calls that only read.
        for_good: Whether it prevents the call permanently: the call fails in the end, without an effect.
        from_then_on: Whether it prevents every later call of the same type, or request for the same operation, too.
        of_service: Whether it prevents every request to the same service from then on.
        bounded: Whether it is tried only at calls that give up some time.
        times_out: Whether a timeout of the server's ends an attempt, so that the call's timeouts are shortened.
        fails_all_attempts: Whether the call fails on all attempts, so that their number is limited.
        at_heartbeat: Whether it is injected at a numbered heartbeat.
        kills: Whether the worker is killed, which needs a process of its own.
        cancels: Whether the workflow is asked to cancel, which is possible once.
        holds: Whether the bodies of all activities are held until the run has nothing else to do: the one at which it
            is planned goes on first, and the others when the run rests again.
    """

    order: ClassVar[int]
    harm: ClassVar[int]
    sentence: ClassVar[str]
    places: ClassVar[frozenset[CallPlace]]
    formerly: ClassVar[str] = ""
    commits: ClassVar[bool] = False
    for_good: ClassVar[bool] = False
    from_then_on: ClassVar[bool] = False
    of_service: ClassVar[bool] = False
    bounded: ClassVar[bool] = False
    times_out: ClassVar[bool] = False
    fails_all_attempts: ClassVar[bool] = False
    at_heartbeat: ClassVar[bool] = False
    kills: ClassVar[bool] = False
    cancels: ClassVar[bool] = False
    holds: ClassVar[bool] = False

    instead_of_child: ClassVar[str] = ""
    """The failure of a child workflow whose code never runs; "" where it does."""

    instead_of_child_result: ClassVar[str] = ""
    """The failure of a child workflow whose code has returned; "" where its result counts."""

    @property
    def fails_call(self) -> bool:
        """Whether the call fails in the end: prevented, or with its last completion lost."""
        return self.for_good or (self.commits and self.fails_all_attempts)

    @property
    def name(self) -> str:
        """As in the name of a schedule: the name of its file."""
        return type(self).__module__.rpartition(".")[2]

    def applies(self, made: CallMade, *, reads: frozenset[str]) -> bool:
        """Whether it can be injected at a call and would show something.

        Args:
            made: The call, as it was seen in a run.
            reads: The activities that only read.
        """
        return (
            made.place in self.places
            and (made.bounded or not self.bounded)
            and not (self.commits and made.call.activity in reads)
        )

    def covers(self, planned: CallName, call: CallName) -> bool:
        """Whether a fault of this kind that is planned at one call is injected at another, too."""
        return planned == call

    def acts_on(self, attempt: ActivityAttempt) -> bool:  # noqa: ARG002 - the contract's
        """Whether `attempt` is called for this attempt."""
        return False

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Run an attempt with the fault, and return what it returns."""
        return await attempt.body()

    def interrupts(self, *, heartbeat: int, planned: int) -> bool:  # noqa: ARG002 - the contract's
        """Whether an attempt fails at that heartbeat of it, when another or the same one is planned.

        Not asked again once one has.
        """
        return False

    def in_task(self, task: Task) -> None:
        """Do something in the workflow task in which a timer was started or an event was received."""

    async def deliver(self, delivery: SignalDelivery) -> None:
        """Deliver a signal or an update with the fault."""
        await delivery.send()


class AttemptKind(FaultKind):
    """The family of kinds that are injected at the first attempt of an activity."""

    places = frozenset({CallPlace.ACTIVITY, CallPlace.LOCAL_ACTIVITY})

    def acts_on(self, attempt: ActivityAttempt) -> bool:
        """At the first."""
        return attempt.number == 1


class ReturnedKind(AttemptKind):
    """The family of kinds that are injected when the body of an activity has returned for the first time.

    An attempt that fails by itself is tried again without the fault.
    """

    commits = True

    def acts_on(self, attempt: ActivityAttempt) -> bool:
        """At each until one has returned."""
        return not attempt.was_injected


class RefusedKind(AttemptKind):
    """The family of kinds that refuse a call permanently, before its body.

    When the application calls the same activity with the same arguments again, that fails, too.
    """

    for_good = True

    def covers(self, planned: CallName, call: CallName) -> bool:
        """That call, and perhaps a later one of its type."""
        same = planned.workflow == call.workflow
        return planned.activity == call.activity and (call.nth >= planned.nth or not same)

    def acts_on(self, attempt: ActivityAttempt) -> bool:
        """On every attempt of a call that asks for the same: one that timed out may be followed by another."""
        return attempt.repeats

    async def attempt(self, attempt: ActivityAttempt) -> Any:
        """Refuse it."""
        attempt.injected()
        raise attempt.failure("injected: refused for good", non_retryable=True)


class DeliveryKind(FaultKind):
    """The family of kinds that happen to a signal or an update on its way to the workflow."""

    places = frozenset({CallPlace.SIGNAL})


class ArmedKind(FaultKind):
    """The family of kinds that are faults of the harness, armed in a run of a scenario."""

    def fault(self, site: FaultSite) -> Fault:
        """Return the fault to arm."""
        raise NotImplementedError


class RequestKind(ArmedKind):
    """The family of kinds that happen to a request to a service, or to the service from that request on."""

    places = frozenset({CallPlace.REQUEST})


class WorkerKind(ArmedKind):
    """The family of kinds that kill the worker process."""

    places = frozenset({CallPlace.ACTIVITY, CallPlace.LOCAL_ACTIVITY})
    times_out = True
    kills = True
