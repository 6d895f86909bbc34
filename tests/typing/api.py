"""Every public name as it is meant to be used, type-checked and never run.

The lines at the end must be type errors: each is a mistake that a user should see before a run does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_type

from temporalio import workflow

import harness
from harness import (
    ANYTHING,
    AccountedFor,
    After,
    AfterEvent,
    Amplification,
    Application,
    AtMostOnce,
    AtPoint,
    AtStart,
    Attempts,
    Bandwidth,
    Bounds,
    BreakerTrace,
    Call,
    ChildrenAccountedFor,
    Clock,
    CompensatedInReverse,
    ConcurrencyKept,
    Contents,
    CrashServer,
    Deploy,
    Direction,
    Drain,
    Drive,
    Effect,
    EffectsInOrder,
    EnvironmentUnavailable,
    Evidence,
    ExploredRun,
    FakeService,
    Fault,
    FaultFired,
    FellBackInOrder,
    Finding,
    FirstCalls,
    FlippedBit,
    FromCall,
    GarbledBody,
    Harm,
    HarnessError,
    HistoryBounded,
    HttpError,
    Invariant,
    Kill,
    LateCommit,
    Latency,
    LateOutcomeDiscarded,
    LateReply,
    LedgerEntry,
    LimitData,
    LimitExceeded,
    LiveRun,
    LostReply,
    NetworkFault,
    NoDoubleDecision,
    NoItemLost,
    NoOrphanObjects,
    NoOrphans,
    NothingAfterClose,
    NthCall,
    NthDelivery,
    OnEvent,
    OnlyNthCall,
    Operation,
    Oracle,
    Outage,
    Outcome,
    Part,
    Pause,
    PauseServer,
    Phase,
    Proceed,
    RateKept,
    RateLimit,
    Recorded,
    RepeatsBounded,
    ReplaysCleanly,
    Reply,
    Reset,
    ResumedFromHeartbeat,
    RetrySchedule,
    RollingRestart,
    SameAsWithoutCrash,
    Scenario,
    Server,
    ServerFault,
    ServiceFault,
    Silence,
    Slicer,
    SlowClose,
    StartOptions,
    StateCarried,
    Status,
    StuckTask,
    Switch,
    Target,
    TcpService,
    Testbed,
    Timeout,
    TimeoutKind,
    Trigger,
    UsageError,
    Verdict,
    Window,
    WindowKept,
    WorkerCommand,
    WorkerFault,
    WorkerGone,
    WorkerModule,
    WorkerPlugin,
    WorkerProcesses,
    WorkflowTaskStuck,
    at_most_once,
    broken,
    cannot_tell,
    conserved,
    explored_scenario,
    fake_hosts,
    operation,
    undone_on_failure,
)

SECOND = timedelta(seconds=1)


# --- a fake, a real server, an application --------------------------------------------------------------------------


class Bank(FakeService):
    """A fake of one's own."""

    @operation("POST /charges")
    async def charge(self, call: Call) -> Reply:
        """Charge."""
        if call.key is None:
            return Reply(status=400, body={"error": "no key"}, headers={"X-Bank": "ours"})
        assert_type(self.now(), datetime)
        self.record(LimitExceeded(service="bank", operation="charge", call=call.id, limit="100 in 60 s"))
        entry, charged = self.ledger.apply(operation=call.operation, key=call.key, call=call.id, value=call.body)
        return Reply(status=409 if entry is LedgerEntry.REFUSED else 201, body=charged)

    @operation("DELETE /charges/{key}", undoes=charge)
    async def refund(self, call: Call) -> Reply:
        """Refund."""
        return Reply(raw=str(call.number).encode())


class Cache(TcpService):
    """A real server of one's own."""

    program = "cached"
    install = "install cached."
    scheme = "cache"

    def argv(self, port: int) -> Sequence[str]:
        """How it is started."""
        return ["--port", str(port)]


@workflow.defn
class Pay:
    """A workflow."""

    @workflow.run
    async def run(self, amount: int) -> dict[str, bool]:
        """Pay."""
        return {"success": amount > 0}


def activities(*, bank: str, cache: str) -> list[Any]:
    """Make the activities for services at these base URLs."""
    return [bank, cache]


APPLICATION = Application(workflows=[Pay], activities=activities)


# --- a fault, a trigger and an oracle of one's own ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class TwiceCharged(ServiceFault):
    """A service fault."""

    async def disturb(self, call: Call, proceed: Proceed) -> Reply | Silence:
        """Do it twice."""
        await proceed()
        return await proceed() if call.has_gone() else Silence(why="nobody is there")


@dataclass(frozen=True, kw_only=True)
class Crawl(NetworkFault):
    """A fault on the wire."""

    def toxic(self) -> tuple[str, dict[str, int]]:
        """One byte at a time."""
        return "bandwidth", {"rate": 1}


@dataclass(frozen=True, kw_only=True)
class Shake(WorkerFault):
    """A fault of worker processes."""

    def arm(self, testbed: Testbed, *, name: str) -> AbstractAsyncContextManager[None]:
        """Another kind's way."""
        return Kill(replaced=False).arm(testbed, name=name)


@dataclass(frozen=True, kw_only=True)
class Tremble(ServerFault):
    """A fault of the server."""

    def arm(self, testbed: Testbed, *, name: str) -> AbstractAsyncContextManager[None]:
        """Another kind's way."""
        return PauseServer(pause=SECOND).arm(testbed, name=name)


@dataclass(frozen=True, kw_only=True)
class Never:
    """A trigger."""

    def bounds(self, on: object) -> Bounds:
        """Nothing is expected of it."""
        return Bounds(at_least=0, at_most=0)

    @asynccontextmanager
    async def attach(self, testbed: Testbed, *, on: object, switch: Switch) -> AsyncIterator[None]:
        """Arm nothing."""
        await switch.heal()
        testbed.stream.emit(FaultFired(fault="never"))
        yield


@dataclass(frozen=True, kw_only=True)
class PaidOnce:
    """An oracle."""

    of: Operation

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Look at the calls."""
        calls = evidence.calls_of(self.of.service, self.of.name)
        if not calls:
            yield cannot_tell(self, "nothing was paid.")
        elif len(calls) > 1:
            yield broken(self, "it was paid twice.", detail=[str(calls)], refs=[call.id for call in calls])


own_fault: Fault = TwiceCharged(on=Bank.charge)
own_trigger: Trigger = Never()
own_oracle: Oracle = PaidOnce(of=Bank.charge)


# --- a scenario -----------------------------------------------------------------------------------------------------


async def drive(run: LiveRun) -> None:
    """Cancel at an exact moment."""
    started = await run.until("TimerStarted", nth=2)
    assert_type(started.id, int)
    async with run.holding(Bank.charge) as call:
        assert_type(call, Call)
        await run.handle.cancel()
    await run.see_to_its_end("order-1")
    assert_type(await run.told(WorkerGone, worker="worker-1"), WorkerGone)
    assert_type((await run.told(WorkflowTaskStuck, nth=2)).cause, str)


scenario = Scenario(
    application=APPLICATION,
    workflow=Pay.run,
    given=3,
    uses=[Bank, Cache],
    faults=[
        HttpError(on=Bank.charge, status=503, headers={"Retry-After": "1"}, when=FirstCalls(n=2)),
        LostReply(on=Bank.charge, when=FromCall(n=2, of=Bank.refund)),
        LostReply(on=Bank.charge, when=NthCall(n=2)),
        LateReply(on=Bank.charge, patience=SECOND, delay=SECOND, when=After(delay=SECOND)),
        OnlyNthCall(on=Bank.charge, n=2, fault=LostReply(on=Bank.charge)),
        Kill(when=NthDelivery(n=3, workflow="Pay")),
        LateCommit(on=Bank.charge, after=Bank.refund, when=OnEvent(type="TimerFired")),
        FlippedBit(on=Bank.charge, at=-1),
        GarbledBody(on=Bank.charge, raw=b"<html>", when=Window(opens=AtStart(), closes=FromCall(n=3))),
        RateLimit(on=Bank.charge, limit="2/second", taken=1),
        Latency(on=Bank, delay=SECOND, jitter=SECOND, direction=Direction.UPSTREAM),
        Timeout(on=Bank, closes_after=SECOND),
        Reset(on=Cache),
        Outage(on=Bank),
        Bandwidth(on=Bank, kilobytes_per_second=1),
        LimitData(on=Bank, after_bytes=1),
        Slicer(on=Bank, average_size=64, variation=8, pause=SECOND),
        SlowClose(on=Part.LINK, delay=SECOND),
        Kill(when=AtPoint(phase=Phase.AFTER_BODY, activity="charge")),
        Drain(replaced=False),
        Pause(others=1),
        RollingRestart(when=AfterEvent(id=3, run=2)),
        Deploy(application=APPLICATION),
        Deploy(own=WorkerModule(entry="shop.worker:main")),
        CrashServer(down_for=SECOND),
        PauseServer(pause=SECOND),
        Crawl(on=Bank),
        Shake(),
        Tremble(),
        own_fault,
    ],
    expects=[
        Outcome(status=Status.COMPLETED, result=ANYTHING, failure=None),
        Outcome(status=Status.FAILED, failure=("activity", "application Declined")),
        Amplification(of=Bank.charge, at_most=3, per="account"),
        Attempts(of=Bank.charge, count=3),
        AccountedFor(items=[1, 2], of=Bank.charge, dead_letters=Cache, per="item", tries=3),
        BreakerTrace(of=Bank.charge, activity="charge", open_for=timedelta(seconds=60)),
        Contents(of=Cache, values=["k1"], having={"item": 1}),
        AtMostOnce(of=Bank.charge, per="account"),
        EffectsInOrder(operations=[Bank.charge, Bank.refund]),
        CompensatedInReverse(per="trip"),
        NoOrphans(but=[Bank.charge]),
        NoOrphanObjects(of=Bank, key="path"),
        ResumedFromHeartbeat(activity="process", field="processed"),
        NoItemLost(of=Bank.charge, per="item", items=range(3)),
        RepeatsBounded(of=Bank.charge, per="item", at_most=1, within=SECOND),
        LateOutcomeDiscarded(activity="process", operations=[Bank.charge]),
        NothingAfterClose(but=[Bank.charge]),
        ReplaysCleanly(),
        Recorded(event="TimerStarted", having={"timerId": "1"}, count=1),
        RetrySchedule(activity="charge", initial=SECOND, coefficient=2, maximum=SECOND, asked={1: SECOND}),
        NoDoubleDecision(of=Bank.charge, levels=["manager"], sent_by=["decide"], told_in="decisions"),
        StateCarried(of=Bank.charge, per="number", sent_by=["pay"], in_order=True),
        HistoryBounded(events=200, size=1_000_000),
        StuckTask(cause="NON_DETERMINISTIC_ERROR", text="TMPRL1100", heals=False),
        TimeoutKind(activity="charge", kind="HEARTBEAT", retry_state="TIMEOUT", behind=("timeout HEARTBEAT",)),
        RateKept(of=Bank.charge, limit=100, per=SECOND, at_least=90),
        ConcurrencyKept(of=Bank.charge, limit=5, at_least=2),
        ChildrenAccountedFor(of=Bank.charge, items=range(3), per="number", done="started", awaited=False),
        WindowKept(at_once=5),
        FellBackInOrder(sources=[Bank.charge], names=["bank"], per="account", calls={"a1": (2,)}),
        SameAsWithoutCrash(status=Status.COMPLETED, result=None, failure=[], effects=["bank.charge"], workflow_id="w"),
        own_oracle,
    ],
    claims=["SAGA-001"],
    server=Server(clock=Clock.SKIPPING, dynamic_config={"limit.historyCount.warn": "20"}, breakable=True),
    start=StartOptions(execution_timeout=SECOND, run_timeout=SECOND, task_timeout=SECOND, retry_policy=None),
    workers=WorkerProcesses(
        count=2, own=WorkerCommand(argv=["{python}", "-m", "shop"], env={"SHOP": "{bank}"}, tells=True)
    ),
    drive=drive,
    deadline=timedelta(seconds=30),
)


async def driven(run: Drive) -> None:
    """A target's own drive."""
    handle = await run.start(Pay.run, run.token)
    await handle.signal("go")


def own_invariant(run: ExploredRun) -> list[Finding]:
    """An invariant of one's own."""
    return [Finding(title="gone", subject=one.activity) for one in run.effects_of("charge")]


def amount(one: Effect) -> int:
    """What an effect adds."""
    return 1 if one.result else 0


target = Target(
    workflows=[Pay],
    activities=[],
    drive=driven,
    reads=["balance"],
    invariants=[
        own_invariant,
        undone_on_failure("charge", ["refund", "void"], key=lambda one: one.arguments[0]),
        at_most_once("charge"),
        conserved(amount, total=0),
        Invariant(name="named", check=own_invariant, advisory=True),
    ],
    without=["*:cancelled"],
)

assert_type(Bank.charge, Operation)
assert_type(Verdict.FAILED > Verdict.PASSED, bool)
assert_type(broken(AtMostOnce(of=Bank.charge), "x").harm, Harm)
assert_type(UsageError("one.", "two.").problems, tuple[str, ...])
assert_type(WorkerPlugin(), WorkerPlugin)
errors: list[type[HarnessError]] = [UsageError, EnvironmentUnavailable]


# --- what must be a type error --------------------------------------------------------------------------------------

Bank.chrage  # type: ignore[attr-defined]  # noqa: B018 - a misspelt operation
harness.NoOrphan  # type: ignore[attr-defined]  # noqa: B018 - a misspelt public name

HttpError(on=Bank)  # type: ignore[arg-type]  # a fault of an operation on a whole fake
LostReply(on="bank.charge")  # type: ignore[arg-type]  # a name instead of the value
Outage(on=Bank.charge)  # type: ignore[arg-type]  # a fault of the wire on one operation
Latency(on=Bank, delay=3)  # type: ignore[arg-type]  # a bare number instead of a duration
Latency(on=Bank)  # type: ignore[call-arg]  # a setting forgotten
LostReply(Bank.charge)  # type: ignore[call-arg]  # a setting without its name
LostReply(on=Bank.charge, times=3)  # type: ignore[call-arg]  # a setting that there is not
LostReply(on=Bank.charge, when=3)  # type: ignore[arg-type]  # a number instead of a trigger
Attempts(of=Bank.charge, count="3")  # type: ignore[arg-type]  # a text instead of a number
NoOrphans(but=Bank.charge)  # type: ignore[arg-type]  # one operation instead of several
Outcome(status="Completed")  # type: ignore[arg-type]  # a text instead of a status
Scenario(application=APPLICATION)  # type: ignore[call-arg]  # no workflow
Scenario(application=APPLICATION, workflow=Pay.run, expects=[NoOrphans])  # type: ignore[list-item]  # no instance
Scenario(application=APPLICATION, workflow=Pay.run, faults=[LostReply])  # type: ignore[list-item]  # no instance
Scenario(application=APPLICATION, workflow=Pay.run, uses=[Bank()])  # type: ignore[list-item]  # an instance
fake_hosts({"api.stripe.com": "http://127.0.0.1:40001"})
explored_scenario("shop_target.py", "charge#1:lost_last", inputs=['"TOKEN"'])
Target(workflows=[Pay], workflow=Pay)  # type: ignore[arg-type]  # a class instead of its run method
scenario.claims = []  # type: ignore[misc]  # what was declared is frozen
own_oracle.judge(scenario)  # type: ignore[arg-type]  # an oracle reads evidence, and nothing else
