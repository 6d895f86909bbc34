"""No secret leaves a run, and the verdict stays the same."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from temporalio.client import WorkflowHistory

from fakes.flights import Flights
from harness import (
    AtMostOnce,
    CompensatedInReverse,
    Contents,
    NoOrphans,
    Oracle,
    Outcome,
    Scenario,
    Verdict,
    broken,
)
from harness.events import (
    AttemptEnded,
    CallReceived,
    Event,
    Heartbeat,
    Kept,
    Replayed,
    RunStarted,
)
from harness.evidence.event_json import type_by_name
from harness.evidence.event_stream import Stream
from harness.evidence.evidence import Evidence
from harness.evidence.redacted import HELD, Holds, undecided
from harness.evidence.run_folder import RunFolder, load
from harness.explore.model.schedule import FAULT_FREE
from harness.explore.search.judge import ScheduleExpectations
from harness.judge import judge, judge_kept
from harness.oracles.same_as_without_crash import same_as
from harness.redaction.active import RedactingFormatter, active, install
from harness.redaction.key import VARIABLE
from harness.redaction.logs import redact_logs
from harness.redaction.redactor import Redactor
from harness.redaction.rules import RedactRules
from harness.redaction.tokens import Tokens
from harness.reports.session.terminal import TerminalReport
from harness.results import Result, RunEvent, SessionEnded, SessionStarted
from harness.run.run import run
from harness.sessions.run_session import files_in
from harness.temporal.fetched_history import FetchedHistory
from harness.verdict import Finding, worst
from scenarios.saga import all_well
from tests.unit.builders import START, booked, cancelled, evidence
from tests.unit.leaks import leaks, leaks_in
from tests.unit.replay.every_field import Planted
from tests.unit.replay.made_histories import event as history_event
from tests.unit.replay.made_histories import payload

REPLAYED = Replayed(workflow_id="trip-1", run_id="run-1", error=None)


@pytest.fixture(autouse=True)
def _own_key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A key for the test, and the rules of another project gone afterwards."""
    monkeypatch.setenv(VARIABLE, str(tmp_path_factory.mktemp("state") / "key"))
    install(RedactRules(defaults=False))
    install(RedactRules())
    yield
    install(RedactRules(defaults=False))
    install(RedactRules())


class _Subject:
    """Emits these events, and has these histories."""

    name = "made/up"
    seed = 7

    def __init__(self, events: list[Event], histories: list[FetchedHistory], expects: list[Oracle]) -> None:
        self.stream = Stream()
        self.histories = histories
        self.expectations = ScheduleExpectations(schedule=FAULT_FREE, expects=expects)
        self._events = events

    @asynccontextmanager
    async def environment(self) -> AsyncIterator[None]:
        """Nothing is needed."""
        self.stream.emit(RunStarted(scenario=self.name, seed=self.seed, task_queue="q"))
        yield

    working = environment

    async def drive(self) -> None:
        """Everything happens at once."""
        self.stream.emit_all(self._events)

    async def collect(self) -> None:
        """All is there."""

    async def replay(self) -> None:
        """It is no real history."""

    async def hold(self, conclude: Callable[[], Result]) -> None:
        """Look at it once before the end."""
        conclude()


class _Tells:
    """An oracle that quotes all it sees."""

    def judge(self, evidence: Evidence) -> Iterator[Finding]:
        """Quote it, cut in the middle as well."""
        for one in evidence.events:
            yield broken(self, f"{one!r}"[:150] + "…", detail=[f"{one!r}"])


def _every_event(secret: Callable[[str], str]) -> list[Event]:
    """One event of each kind, with a secret wherever it can quote one."""
    made: list[Event] = []
    for name, kind in sorted(type_by_name.items()):
        values: dict[str, Any] = {}
        for one in fields(kind):
            held = HELD[one.name]
            if held is Holds.VALUE:
                value: Any = {"deep": [{"password": secret(f"{name}.{one.name}")}], "x": 1}
                values[one.name] = (value,) if one.name == "arguments" else value
            elif held is Holds.TEXT:
                text = f"it failed: password={secret(f'{name}.{one.name}')}, really"
                values[one.name] = (text,) if one.name in {"errors", "drifts"} else text
            elif one.name != "at" and "datetime" not in str(one.type):
                values[one.name] = {
                    "toxics": (),
                    "activities": (),
                    "bytes_up": 0,
                    "bytes_down": 0,
                    "seconds": 1.0,
                    "attempt": 1,
                }.get(one.name, "1" if "str" in str(one.type) else 1)
            elif one.name == "closed_at":
                values[one.name] = None
        if "CallName" not in str(kind.__annotations__) and name not in {"RunBroken", "RunInterrupted"}:
            made.append(kind(**values))
    return made


def test_every_field_of_an_event_is_decided() -> None:
    """Whether it is a name that oracles need, a text, or data."""
    assert list(undecided()) == []


async def test_a_planted_secret_is_nowhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not in the events, histories, story and logs of a run, and in no report; however it is encoded there."""
    secrets: dict[str, str] = {}

    def secret(where: str) -> str:
        return secrets.setdefault(where, f"Zq9-{len(secrets):04}-s\u00e9cr3t")

    planted = Planted(named="api_key", words=lambda one: f"wrong api_key={one}.", everywhere=True)
    histories = [FetchedHistory(WorkflowHistory("trip-1", planted.events), planted.events)]
    subject = _Subject(_every_event(secret), histories, [_Tells()])
    # Quoted before anything says that it is a secret, and by a process that knows nothing of it.
    early = secret("CallReceived.body")
    subject._events.insert(0, AttemptEnded(workflow_id="w", activity="a", activity_id="1", attempt=1, errors=(early,)))
    session = tmp_path / "session"
    folder = RunFolder(session / "run")
    shown: list[Event] = []
    subject.stream.listen(lambda one: shown.append(folder.record(one)))
    result = await run(subject, folder=folder, repeat=f"harness run made/up --password {secret('repeat')}")
    (session / "worker.log").write_text(f"Traceback\nlogin {early} failed: password={secret('log')}\n")
    redact_logs(session, since=0)
    handler = logging.FileHandler(session / "application.log")
    handler.setFormatter(RedactingFormatter("%(message)s"))
    record = logging.LogRecord("x", logging.INFO, "x", 1, "sent Authorization: Bearer %s", (secret("header"),), None)
    handler.emit(record)
    handler.close()
    console = io.StringIO()
    started = SessionStarted(
        at=START, names=("made/up",), seed=7, folder=session, temporal="1", toxiproxy="2", command="harness run"
    )
    ended = SessionEnded(
        started=started, results=(result,), not_run=(), skipped={}, interrupted=False, took=result.took
    )
    for report in (*files_in(session), TerminalReport(Console(file=console, width=300), watch=True)):
        for one in shown:
            report.notify(RunEvent(name="made/up", event=one))
        report.notify(ended)

    everything = [*secrets.values(), *planted.hidden.values()]
    assert len(secrets) >= 20
    assert len(everything) > 500
    assert leaks(tmp_path, secrets.values()) == {}
    assert leaks(tmp_path, everything) == {}
    assert leaks_in(console.getvalue().encode(), secrets.values()) == set()
    assert leaks_in(repr(result.findings).encode(), secrets.values()) == set()
    assert "redacted:" in console.getvalue()
    assert load(session / "run").events == result.evidence.events
    assert capsys.readouterr().out == ""


def test_nothing_changes_where_there_is_no_secret(tmp_path: Path) -> None:
    """Evidence stays the same object, and no key is made."""
    told = evidence(booked("flights", body={"nights": 2, "token": "x"}), REPLAYED)
    subject = _Subject(list(told.events), [], [NoOrphans()])
    folder = RunFolder(tmp_path / "run")
    subject.stream.listen(folder.record)
    result = asyncio.run(run(subject, folder=folder))

    assert result.evidence.redacted is None
    assert "redacted" not in json.loads((tmp_path / "run" / "evidence.json").read_text(encoding="utf-8"))


LOGIN = {"user": "ada", "password": "hunter2hunter2", "card": "4111 1111 1111 1111"}


def _received(key: str, body: Any, nth: int) -> list[Event]:
    return [
        replace(one, body=body) if isinstance(one, CallReceived) else one for one in booked("flights", key, nth=nth)
    ]


CASES: dict[str, tuple[list[Event], Any, list[Oracle]]] = {
    "a result with a secret": ([], LOGIN, [Outcome(result=LOGIN)]),
    "another secret": ([], LOGIN, [Outcome(result={"password": "other-password"})]),
    "a secret that is quoted elsewhere": (
        [],
        {"login": LOGIN, "echo": "hunter2hunter2"},
        [Outcome(result={"echo": "hunter2hunter2"})],
    ),
    "a quotation that differs": ([], {"login": LOGIN, "echo": "hunter2hunter2"}, [Outcome(result={"echo": "hunter3"})]),
    "a card in a key": (
        [*booked("flights", "pay-4111111111111111"), *cancelled("flights", "pay-4111111111111111", nth=2)],
        None,
        [NoOrphans(), CompensatedInReverse()],
    ),
    "a card in a key that is not undone": (booked("flights", "pay-4111111111111111"), None, [NoOrphans()]),
    "equal secrets in bodies": (
        [*_received("k1", {"api_key": "same-secret"}, 1), *_received("k2", {"api_key": "same-secret"}, 2)],
        None,
        [AtMostOnce(of=Flights.book, per="api_key")],
    ),
    "different secrets in bodies": (
        [*_received("k1", {"api_key": "one-secret"}, 1), *_received("k2", {"api_key": "other-secret"}, 2)],
        None,
        [AtMostOnce(of=Flights.book, per="api_key")],
    ),
    "messages with a secret": (
        [Kept(service="flights", key="1", body={"password": "hunter2hunter2", "n": 1})],
        None,
        [Contents(of=Flights, values=["hunter2hunter2"], per="password", having={"n": 1})],
    ),
    "messages with another secret": (
        [Kept(service="flights", key="1", body={"password": "hunter2hunter2"})],
        None,
        [Contents(of=Flights, values=["hunter4hunter4"], per="password")],
    ),
    "a number": ([], {"cvv": 123, "n": 5}, [Outcome(result={"cvv": 123, "n": 5})]),
    "another number": ([], {"cvv": 123}, [Outcome(result={"cvv": 124})]),
    "heartbeats": (
        [Heartbeat(workflow_id="w", activity="a", activity_id="1", attempt=1, details={"password": "hunter2hunter2"})],
        None,
        [Outcome()],
    ),
}


def _scenario(expects: list[Oracle]) -> Scenario:
    base = all_well.scenario
    return Scenario(application=base.application, workflow=base.workflow, uses=base.uses, expects=expects)


def _finished(result: Any) -> list[FetchedHistory]:
    started = history_event("WORKFLOW_EXECUTION_STARTED", workflow_id="trip-1", original_execution_run_id="run-1")
    closed = history_event("WORKFLOW_EXECUTION_COMPLETED")
    closed.workflow_execution_completed_event_attributes.result.payloads.append(payload(result))
    for number, one in enumerate([started, closed], start=1):
        one.event_id = number
        one.event_time.seconds = 1_800_000_000
    return [FetchedHistory(WorkflowHistory("trip-1", [started, closed]))]


@pytest.mark.parametrize("name", CASES)
async def test_a_redacted_run_is_judged_as_it_was(name: str, tmp_path: Path) -> None:
    """From its folder alone, with the same findings; without its key, what cannot be told is INCONCLUSIVE."""
    events, returned, expects = CASES[name]
    scenario = _scenario(expects)
    subject = _Subject([*events, REPLAYED], _finished(returned), expects)
    subject.expectations = scenario  # type: ignore[assignment]  # a scenario is what is judged here
    folder = RunFolder(tmp_path / "run")
    subject.stream.listen(folder.record)
    live = await run(subject, folder=folder)

    kept = load(tmp_path / "run")
    again = judge_kept(scenario, kept, active().fresh())
    assert [(one.oracle, one.verdict) for one in again] == [(one.oracle, one.verdict) for one in live.findings]
    assert [one.title for one in again] == [one.title for one in live.findings]

    elsewhere = judge_kept(scenario, kept, Redactor(RedactRules(), Tokens(b"x" * 32)))
    if kept.redacted is None:
        assert elsewhere == judge(scenario, kept)
    elif live.verdict is Verdict.PASSED:
        assert worst(one.verdict for one in elsewhere) is not Verdict.FAILED


async def test_another_run_is_compared_with_what_was_judged(tmp_path: Path) -> None:
    """`--crash-everywhere` compares each run with the one without a crash, whose secrets are equal, not its tokens."""
    subject = _Subject([REPLAYED], _finished(LOGIN), [Outcome(result=LOGIN)])
    folder = RunFolder(tmp_path / "run")
    subject.stream.listen(folder.record)
    live = await run(subject, folder=folder)

    assert live.judged is not None
    assert list(same_as(live.judged).judge(live.judged)) == []
    assert live.judged.outcome.result == LOGIN
    assert leaks_in(repr(live).encode(), ["hunter2hunter2", "4111 1111 1111 1111"]) == set()
