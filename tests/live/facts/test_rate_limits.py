"""What limiters inside workflows limit, and what they do not, as guides print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.worker import Replayer, Worker

from fakes.quotes import Quotes
from harness import (
    Application,
    Attempts,
    Clock,
    ConcurrencyKept,
    FirstCalls,
    HttpError,
    Oracle,
    Outcome,
    RateKept,
    Scenario,
    Server,
    Status,
    StuckTask,
    Verdict,
)
from harness.environment.open import Environment
from harness.evidence.evidence import CallRecord
from harness.results import Result
from scenarios.rate_limits import all_well, even_flow, hundred_a_minute, shared_by_three
from scenarios.rate_limits.limiters.sliding_window import SlidingWindow
from scenarios.rate_limits.workflow import Errand
from tests.convictions.twins import find_twins
from tests.live.apps.throttled import TellsTheTime, WaitsForASlot
from tests.live.conftest import Run

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TWINS = {twin.name.partition("/")[2]: twin for twin in find_twins("rate_limits")}
PLENTY = Quotes.limited(100_000, SECOND)


def times(result: Result) -> Sequence[datetime]:
    """When the calls came, by the workflow's clock."""
    return sorted(call.workflow_time for call in calls(result) if call.workflow_time is not None)


def calls(result: Result) -> tuple[CallRecord, ...]:
    """The calls, in the order of their arrival."""
    return result.evidence.calls_of("quotes", "ask")


def fullest(moments: Sequence[datetime], per: timedelta) -> int:
    """How many fall into the fullest window."""
    return max(sum(first <= one < first + per for one in moments) for first in moments)


def asking(errand: Errand, *expects: Oracle, of: type[Quotes] = PLENTY) -> Scenario:
    """The sound workflow, on a clock that skips, at a service with plenty to give or another."""
    return replace(
        all_well.scenario,
        given=errand,
        uses=[of],
        drive=None,
        server=Server(clock=Clock.SKIPPING),
        expects=expects or [Outcome()],
    )


@pytest.mark.claims("SLW-001")
async def test_a_thousand_an_hour(run: Run) -> None:
    """Production's window as it is: 1,000 go at once, ten more when those count no more, over two runs."""
    quotes = Quotes.limited(1000, HOUR)
    window = SlidingWindow(limit=1000, per=HOUR, reach=hundred_a_minute.REACH)
    errand = Errand(
        requests=all_well.named(1010), at_once=20, limiter=window, per_run=600, patience=hundred_a_minute.UNHURRIED
    )
    result = await run(
        replace(
            asking(errand, Outcome(), RateKept(of=quotes.ask, limit=1000, per=HOUR, at_least=1000), of=quotes),
            deadline=timedelta(minutes=2),
        )
    )

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    assert times(result)[-1] - times(result)[0] >= HOUR


@pytest.mark.claims("SEM-002")
async def test_a_semaphore_is_no_rate(run: Run) -> None:
    """Five at once may be a hundred a second: a service that takes ten refuses the eleventh."""
    quotes = Quotes.limited(10, MINUTE)
    rate = RateKept(of=quotes.ask, limit=10, per=MINUTE)
    errand = Errand(requests=all_well.named(12), at_once=5)
    result = await run(asking(errand, rate, ConcurrencyKept(of=quotes.ask, limit=5), of=quotes))

    assert {finding.oracle for finding in result.findings} == {"rate_kept"}


@pytest.mark.claims("SEM-003")
async def test_a_failed_request_keeps_its_place(run: Run) -> None:
    """One place, and the first request fails once: the second begins when that has been answered, two seconds later."""
    scenario = asking(Errand(requests=all_well.named(2), at_once=1))
    result = await run(replace(scenario, faults=[HttpError(on=PLENTY.ask, when=FirstCalls(n=1))]))

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    assert [call.body["request"] for call in calls(result)] == ["item 0", "item 0", "item 1"]
    first, again, _ = times(result)
    assert again - first >= timedelta(seconds=1.9)


@pytest.mark.claims("TBK-001", "TBK-002")
async def test_a_bucket_of_the_whole_limit(run: Run) -> None:
    """100 tokens and 100 a minute: 100 at once, one each 0.6 s, and nearly twice the limit in the first minute."""
    twin = TWINS["bursts_and_refills_at_the_limit"]
    result = await run(twin.takes_over(asking(Errand(requests=all_well.named(200), at_once=20))))

    moments = times(result)
    assert len(moments) == 200
    assert 195 <= fullest(moments, MINUTE) <= 200
    assert fullest(moments, SECOND / 2) < 110
    flow = (moments[-1] - moments[120]) / (len(moments) - 121)
    assert abs(flow - timedelta(seconds=0.6)) < timedelta(seconds=0.03)


@pytest.mark.claims("TBK-003")
async def test_the_workflow_s_clock(harness_environment: Environment) -> None:
    """It can be read as the workflow is made, stands still within a task, and says the same in a replay."""
    client = harness_environment.temporal.client
    queue = f"time-{uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[TellsTheTime]):
        handle = await client.start_workflow(TellsTheTime.run, id=queue, task_queue=queue)
        made, first, second, later = await handle.result()
    history = await handle.fetch_history()

    started = next(one for one in history.events if one.HasField("workflow_task_started_event_attributes"))
    assert made == first == second == started.event_time.ToNanoseconds()
    assert later > second
    # The result is recorded; a replay that came to another would be none.
    await Replayer(workflows=[TellsTheTime]).replay_workflow(history)


@pytest.mark.claims("TBK-004", "SLW-004")
async def test_retries_of_a_policy_take_no_permission(run: Run) -> None:
    """Five requests, ten of their calls fail: five permissions, and fifteen calls."""
    twin = TWINS["leaves_retries_to_the_policy"]
    window = SlidingWindow(limit=5, per=HOUR, reach=SECOND)
    errand = Errand(requests=all_well.named(5), limiter=window)
    faults = [HttpError(on=PLENTY.ask, when=FirstCalls(n=10))]
    result = await run(replace(twin.takes_over(asking(errand)), faults=faults))

    [history] = result.evidence.histories
    assert len(history.of_type("ActivityTaskScheduled")) == 5
    assert history.of_type("TimerStarted") == ()
    assert len(calls(result)) == 15


@pytest.mark.claims("TBK-005", "SLW-004")
@pytest.mark.parametrize(
    ("twin", "scenario", "per", "limit"),
    [
        ("each_has_its_own", shared_by_three.scenario, shared_by_three.PER, 6),
        ("forgets_at_continue_as_new", even_flow.scenario, MINUTE, 100),
        ("forgets_at_continue_as_new", hundred_a_minute.scenario, MINUTE, 100),
    ],
)
async def test_a_limiter_is_its_run_s_own(run: Run, twin: str, scenario: Scenario, per: timedelta, limit: int) -> None:
    """Three workflows have three of them, and so have three runs of one workflow, unless they hand it on."""
    result = await run(TWINS[twin].takes_over(scenario))

    moments = sorted(call.workflow_time or call.at for call in calls(result))
    assert fullest(moments, per) > limit


@pytest.mark.claims("SLW-002", "SLW-003")
async def test_an_entry_exactly_as_old_as_the_window(run: Run) -> None:
    """It never leaves, the wait is zero, and the loop has no await: the workflow task fails, the workflow runs on."""
    stuck = StuckTask(cause="WORKFLOW_WORKER_UNHANDLED_FAILURE", text="TMPRL1101", heals=False)
    result = await run(
        Scenario(
            application=Application(workflows=[WaitsForASlot]),
            workflow=WaitsForASlot.run,
            given=0.0,
            expects=[stuck],
            deadline=timedelta(seconds=8),
        )
    )

    told = "\n".join(map(str, result.findings))
    assert "stuck_task" not in {finding.oracle for finding in result.findings}, told
    assert result.evidence.outcome.status is not Status.COMPLETED, told


@pytest.mark.claims("SEM-004")
async def test_unlimited_attempts_outlast_a_refusal(run: Run) -> None:
    """With the default policy 429 is retried until it is over, each time after the wait that the service asks for."""
    twin = TWINS["leaves_retries_to_the_policy"]
    refused = HttpError(on=PLENTY.ask, status=429, headers={"Retry-After": "40"}, when=FirstCalls(n=6))
    scenario = asking(Errand(requests=all_well.named(1)), Outcome(), Attempts(of=PLENTY.ask, count=7))
    result = await run(replace(twin.takes_over(scenario), faults=[refused]))

    assert result.verdict is Verdict.PASSED, "\n".join(map(str, result.findings))
    assert times(result)[-1] - times(result)[0] >= timedelta(seconds=6 * 39)
