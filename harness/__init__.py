"""The public names of the harness: what a scenario, a fake, a fault, a trigger or an oracle is written with.

Loaded on first use: the embedded Toxiproxy is a process of its own and must not pay for the Temporal SDK.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harness.errors import EnvironmentUnavailable as EnvironmentUnavailable
    from harness.errors import HarnessError as HarnessError
    from harness.errors import UsageError as UsageError
    from harness.events import FaultFired as FaultFired
    from harness.events import LimitExceeded as LimitExceeded
    from harness.events import WorkerGone as WorkerGone
    from harness.events import WorkflowTaskStuck as WorkflowTaskStuck
    from harness.evidence.evidence import Evidence as Evidence
    from harness.evidence.history import Status as Status
    from harness.evidence.schedule_events import Effect as Effect
    from harness.explore.invariants.at_most_once import at_most_once as at_most_once
    from harness.explore.invariants.conserved import conserved as conserved
    from harness.explore.invariants.undone_on_failure import undone_on_failure as undone_on_failure
    from harness.explore.model.explored_run import ExploredRun as ExploredRun
    from harness.explore.model.invariant import Invariant as Invariant
    from harness.explore.model.target import Drive as Drive
    from harness.explore.model.target import Target as Target
    from harness.explore.saved_scenario import explored_scenario as explored_scenario
    from harness.fault import Fault as Fault
    from harness.faults.families import NetworkFault as NetworkFault
    from harness.faults.families import ServerFault as ServerFault
    from harness.faults.families import ServiceFault as ServiceFault
    from harness.faults.families import WorkerFault as WorkerFault
    from harness.faults.network.bandwidth import Bandwidth as Bandwidth
    from harness.faults.network.latency import Latency as Latency
    from harness.faults.network.limit_data import LimitData as LimitData
    from harness.faults.network.outage import Outage as Outage
    from harness.faults.network.reset import Reset as Reset
    from harness.faults.network.slicer import Slicer as Slicer
    from harness.faults.network.slow_close import SlowClose as SlowClose
    from harness.faults.network.timeout import Timeout as Timeout
    from harness.faults.server.crash_server import CrashServer as CrashServer
    from harness.faults.server.pause_server import PauseServer as PauseServer
    from harness.faults.service.flipped_bit import FlippedBit as FlippedBit
    from harness.faults.service.garbled_body import GarbledBody as GarbledBody
    from harness.faults.service.http_error import HttpError as HttpError
    from harness.faults.service.late_commit import LateCommit as LateCommit
    from harness.faults.service.late_reply import LateReply as LateReply
    from harness.faults.service.lost_reply import LostReply as LostReply
    from harness.faults.service.only_nth_call import OnlyNthCall as OnlyNthCall
    from harness.faults.service.rate_limit import RateLimit as RateLimit
    from harness.faults.worker.deploy import Deploy as Deploy
    from harness.faults.worker.drain import Drain as Drain
    from harness.faults.worker.kill import Kill as Kill
    from harness.faults.worker.pause import Pause as Pause
    from harness.faults.worker.rolling_restart import RollingRestart as RollingRestart
    from harness.fixed_hosts.in_process import fake_hosts as fake_hosts
    from harness.oracle import Oracle as Oracle
    from harness.oracle import broken as broken
    from harness.oracle import cannot_tell as cannot_tell
    from harness.oracles.accounted_for import AccountedFor as AccountedFor
    from harness.oracles.amplification import Amplification as Amplification
    from harness.oracles.at_most_once import AtMostOnce as AtMostOnce
    from harness.oracles.attempts import Attempts as Attempts
    from harness.oracles.breaker_trace import BreakerTrace as BreakerTrace
    from harness.oracles.children_accounted_for import ChildrenAccountedFor as ChildrenAccountedFor
    from harness.oracles.compensated_in_reverse import CompensatedInReverse as CompensatedInReverse
    from harness.oracles.concurrency_kept import ConcurrencyKept as ConcurrencyKept
    from harness.oracles.contents import Contents as Contents
    from harness.oracles.effects_in_order import EffectsInOrder as EffectsInOrder
    from harness.oracles.fell_back_in_order import FellBackInOrder as FellBackInOrder
    from harness.oracles.history_bounded import HistoryBounded as HistoryBounded
    from harness.oracles.late_outcome_discarded import LateOutcomeDiscarded as LateOutcomeDiscarded
    from harness.oracles.no_double_decision import NoDoubleDecision as NoDoubleDecision
    from harness.oracles.no_item_lost import NoItemLost as NoItemLost
    from harness.oracles.no_orphan_objects import NoOrphanObjects as NoOrphanObjects
    from harness.oracles.no_orphans import NoOrphans as NoOrphans
    from harness.oracles.nothing_after_close import NothingAfterClose as NothingAfterClose
    from harness.oracles.outcome import ANYTHING as ANYTHING
    from harness.oracles.outcome import Outcome as Outcome
    from harness.oracles.rate_kept import RateKept as RateKept
    from harness.oracles.recorded import Recorded as Recorded
    from harness.oracles.repeats_bounded import RepeatsBounded as RepeatsBounded
    from harness.oracles.replays_cleanly import ReplaysCleanly as ReplaysCleanly
    from harness.oracles.resumed_from_heartbeat import ResumedFromHeartbeat as ResumedFromHeartbeat
    from harness.oracles.retry_schedule import RetrySchedule as RetrySchedule
    from harness.oracles.same_as_without_crash import SameAsWithoutCrash as SameAsWithoutCrash
    from harness.oracles.state_carried import StateCarried as StateCarried
    from harness.oracles.stuck_task import StuckTask as StuckTask
    from harness.oracles.timeout_kind import TimeoutKind as TimeoutKind
    from harness.oracles.window_kept import WindowKept as WindowKept
    from harness.scenario import Scenario as Scenario
    from harness.services.ledger import LedgerEntry as LedgerEntry
    from harness.services.operation import Call as Call
    from harness.services.operation import Operation as Operation
    from harness.services.operation import Proceed as Proceed
    from harness.services.operation import Reply as Reply
    from harness.services.operation import Silence as Silence
    from harness.services.operation import operation as operation
    from harness.services.real_server import TcpService as TcpService
    from harness.services.service import FakeService as FakeService
    from harness.temporal.requirements import Clock as Clock
    from harness.temporal.requirements import Server as Server
    from harness.testbed.live_run import LiveRun as LiveRun
    from harness.testbed.ports import Direction as Direction
    from harness.testbed.ports import Part as Part
    from harness.testbed.testbed import Testbed as Testbed
    from harness.trigger import AtStart as AtStart
    from harness.trigger import Bounds as Bounds
    from harness.trigger import Switch as Switch
    from harness.trigger import Trigger as Trigger
    from harness.triggers.after import After as After
    from harness.triggers.after_event import AfterEvent as AfterEvent
    from harness.triggers.at_point import AtPoint as AtPoint
    from harness.triggers.first_calls import FirstCalls as FirstCalls
    from harness.triggers.from_call import FromCall as FromCall
    from harness.triggers.nth_call import NthCall as NthCall
    from harness.triggers.nth_delivery import NthDelivery as NthDelivery
    from harness.triggers.on_event import OnEvent as OnEvent
    from harness.triggers.window import Window as Window
    from harness.verdict import Finding as Finding
    from harness.verdict import Harm as Harm
    from harness.verdict import Verdict as Verdict
    from harness.workers.application import Application as Application
    from harness.workers.application import StartOptions as StartOptions
    from harness.workers.custom import WorkerCommand as WorkerCommand
    from harness.workers.custom import WorkerModule as WorkerModule
    from harness.workers.failpoints import Phase as Phase
    from harness.workers.plugin import WorkerPlugin as WorkerPlugin
    from harness.workers.spec import WorkerProcesses as WorkerProcesses

_HOME = {
    "ANYTHING": "oracles.outcome",
    "AccountedFor": "oracles.accounted_for",
    "After": "triggers.after",
    "AfterEvent": "triggers.after_event",
    "Amplification": "oracles.amplification",
    "Application": "workers.application",
    "AtMostOnce": "oracles.at_most_once",
    "AtPoint": "triggers.at_point",
    "AtStart": "trigger",
    "Attempts": "oracles.attempts",
    "Bandwidth": "faults.network.bandwidth",
    "Bounds": "trigger",
    "BreakerTrace": "oracles.breaker_trace",
    "Call": "services.operation",
    "ChildrenAccountedFor": "oracles.children_accounted_for",
    "Clock": "temporal.requirements",
    "CompensatedInReverse": "oracles.compensated_in_reverse",
    "ConcurrencyKept": "oracles.concurrency_kept",
    "Contents": "oracles.contents",
    "CrashServer": "faults.server.crash_server",
    "Deploy": "faults.worker.deploy",
    "Direction": "testbed.ports",
    "Drain": "faults.worker.drain",
    "Drive": "explore.model.target",
    "Effect": "evidence.schedule_events",
    "EffectsInOrder": "oracles.effects_in_order",
    "EnvironmentUnavailable": "errors",
    "Evidence": "evidence.evidence",
    "ExploredRun": "explore.model.explored_run",
    "FakeService": "services.service",
    "Fault": "fault",
    "FaultFired": "events",
    "FellBackInOrder": "oracles.fell_back_in_order",
    "Finding": "verdict",
    "FirstCalls": "triggers.first_calls",
    "FlippedBit": "faults.service.flipped_bit",
    "FromCall": "triggers.from_call",
    "GarbledBody": "faults.service.garbled_body",
    "Harm": "verdict",
    "HarnessError": "errors",
    "HistoryBounded": "oracles.history_bounded",
    "HttpError": "faults.service.http_error",
    "Invariant": "explore.model.invariant",
    "Kill": "faults.worker.kill",
    "LateCommit": "faults.service.late_commit",
    "LateOutcomeDiscarded": "oracles.late_outcome_discarded",
    "LateReply": "faults.service.late_reply",
    "Latency": "faults.network.latency",
    "LedgerEntry": "services.ledger",
    "LimitData": "faults.network.limit_data",
    "LimitExceeded": "events",
    "LiveRun": "testbed.live_run",
    "LostReply": "faults.service.lost_reply",
    "NetworkFault": "faults.families",
    "NoDoubleDecision": "oracles.no_double_decision",
    "NoItemLost": "oracles.no_item_lost",
    "NoOrphanObjects": "oracles.no_orphan_objects",
    "NoOrphans": "oracles.no_orphans",
    "NothingAfterClose": "oracles.nothing_after_close",
    "NthCall": "triggers.nth_call",
    "NthDelivery": "triggers.nth_delivery",
    "OnEvent": "triggers.on_event",
    "OnlyNthCall": "faults.service.only_nth_call",
    "Operation": "services.operation",
    "Oracle": "oracle",
    "Outage": "faults.network.outage",
    "Outcome": "oracles.outcome",
    "Part": "testbed.ports",
    "Pause": "faults.worker.pause",
    "PauseServer": "faults.server.pause_server",
    "Phase": "workers.failpoints",
    "Proceed": "services.operation",
    "RateKept": "oracles.rate_kept",
    "RateLimit": "faults.service.rate_limit",
    "Recorded": "oracles.recorded",
    "RepeatsBounded": "oracles.repeats_bounded",
    "ReplaysCleanly": "oracles.replays_cleanly",
    "Reply": "services.operation",
    "Reset": "faults.network.reset",
    "ResumedFromHeartbeat": "oracles.resumed_from_heartbeat",
    "RetrySchedule": "oracles.retry_schedule",
    "RollingRestart": "faults.worker.rolling_restart",
    "SameAsWithoutCrash": "oracles.same_as_without_crash",
    "Scenario": "scenario",
    "Server": "temporal.requirements",
    "ServerFault": "faults.families",
    "ServiceFault": "faults.families",
    "Silence": "services.operation",
    "Slicer": "faults.network.slicer",
    "SlowClose": "faults.network.slow_close",
    "Testbed": "testbed.testbed",
    "StartOptions": "workers.application",
    "StateCarried": "oracles.state_carried",
    "Status": "evidence.history",
    "StuckTask": "oracles.stuck_task",
    "Switch": "trigger",
    "Target": "explore.model.target",
    "TcpService": "services.real_server",
    "Timeout": "faults.network.timeout",
    "TimeoutKind": "oracles.timeout_kind",
    "Trigger": "trigger",
    "UsageError": "errors",
    "Verdict": "verdict",
    "Window": "triggers.window",
    "WindowKept": "oracles.window_kept",
    "WorkerCommand": "workers.custom",
    "WorkerFault": "faults.families",
    "WorkerGone": "events",
    "WorkerModule": "workers.custom",
    "WorkerPlugin": "workers.plugin",
    "WorkerProcesses": "workers.spec",
    "WorkflowTaskStuck": "events",
    "at_most_once": "explore.invariants.at_most_once",
    "broken": "oracle",
    "cannot_tell": "oracle",
    "conserved": "explore.invariants.conserved",
    "explored_scenario": "explore.saved_scenario",
    "fake_hosts": "fixed_hosts.in_process",
    "operation": "services.operation",
    "undone_on_failure": "explore.invariants.undone_on_failure",
}

__all__ = sorted(_HOME)  # noqa: PLE0605 - the same names, once


# Type checkers read the imports above; told of this function, they would believe any name.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'harness' has no attribute {name!r}")
        return getattr(import_module(f"harness.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_HOME)
