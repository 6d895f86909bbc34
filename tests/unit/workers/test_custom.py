"""A worker of the user's own: what is refused before anything runs, and what its process finds around it."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.worker import WorkerConfig

from fakes.items import Items
from harness import (
    Application,
    AtPoint,
    Deploy,
    Drain,
    Kill,
    LateOutcomeDiscarded,
    OnEvent,
    Outcome,
    Phase,
    RepeatsBounded,
    ResumedFromHeartbeat,
    RetrySchedule,
    Scenario,
    UsageError,
    Window,
    WorkerCommand,
    WorkerModule,
    WorkerPlugin,
    WorkerProcesses,
)
from harness.temporal.pollers import newcomer
from harness.workers.application import taken_by
from harness.workers.custom import CustomWorker
from harness.workers.custom_environment import arguments_and_environment
from harness.workers.plugin import VARIABLE, Seat
from scenarios.heartbeat import all_well

APPLICATION = replace(all_well.scenario.application, activities=None)
MODULE = WorkerModule(entry="tests.unit.workers.test_custom:works")
COMMAND = WorkerCommand(argv=["shop-worker", "--items", "{items}"])
AT_POINT = AtPoint(phase=Phase.AFTER_BODY)


def scenario(own: CustomWorker, **other: Any) -> Scenario:
    """Return a scenario with a worker of one's own."""
    workers = WorkerProcesses(own=own)
    return replace(all_well.scenario, **{"application": APPLICATION, "workers": workers, "faults": [], **other})


def problems(own: CustomWorker, **other: Any) -> tuple[str, ...]:
    """What is wrong with it."""
    with pytest.raises(UsageError) as refused:
        scenario(own, **{"expects": [Outcome()], **other})
    return refused.value.problems


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (
            WorkerModule(entry="shop.worker"),
            "WorkerModule: entry must be 'package.module:function', got 'shop.worker'.",
        ),
        (
            WorkerModule(entry="shop/worker.py:main"),
            "WorkerModule: entry must be 'package.module:function', got 'shop/worker.py:main'.",
        ),
        (WorkerCommand(argv=[]), "WorkerCommand: argv must be a list such as ['python', '-m', 'shop'], got []."),
        (
            WorkerCommand(argv="shop-worker"),
            "WorkerCommand: argv must be a list such as ['python', '-m', 'shop'], got 'shop-worker'.",
        ),
        (WorkerCommand(argv=["w", "{itms}"]), "WorkerCommand: '{itms}': unknown placeholder 'itms'. Did you"),
        (WorkerCommand(argv=["w"], env={"A": "{hotels}"}), "WorkerCommand: '{hotels}': unknown placeholder"),
        (WorkerCommand(argv=["w", "{"]), "WorkerCommand: '{' cannot be read"),
    ],
    ids=["no-function", "a-path", "empty", "a-text", "misspelt", "not-used", "a-lone-brace"],
)
def test_what_makes_no_worker_is_refused(own: CustomWorker, said: str) -> None:
    """When it is declared, also as what is deployed."""
    (problem,) = problems(own)
    deployed = problems(COMMAND, faults=[Deploy(own=own)])

    assert problem.startswith(said)
    assert problem in deployed


def test_what_cannot_work_together_is_told_at_once() -> None:
    """A worker that does not tell, with triggers and oracles that go by what it would tell; activities nobody runs."""
    window = Window(opens=OnEvent(type="TimerStarted"), closes=AT_POINT)
    oracles = [
        ResumedFromHeartbeat(activity="process"),
        RepeatsBounded(of=Items.process, per="item", at_most=1, within=timedelta(seconds=1)),
        LateOutcomeDiscarded(activity="process", operations=[Items.process]),
        RetrySchedule(activity="process", initial=timedelta(seconds=1), coefficient=2),
    ]

    found = problems(
        COMMAND,
        application=all_well.scenario.application,
        faults=[Kill(when=AT_POINT), Drain(when=window)],
        expects=oracles,
    )

    assert len(found) == 7
    assert found[0] == "own=... brings its own activities; remove activities=... from the application."
    assert sum("waits for a failpoint that this worker does not report" in one for one in found) == 2
    assert sum("needs attempts, which this worker does not report" in one for one in found) == 4


@pytest.mark.parametrize("own", [MODULE, replace(COMMAND, tells=True)], ids=["module", "command"])
def test_a_worker_that_tells_goes_with_everything(own: CustomWorker) -> None:
    """A module does by its client, a command by its plugin."""
    made = scenario(own, faults=[Kill(when=AT_POINT)], expects=[ResumedFromHeartbeat(activity="process")])

    assert made.workers is not None
    assert made.workers.reports


def test_how_it_keeps_workflows_is_its_own_business() -> None:
    """A number without effect is refused, with whatever else is wrong."""
    with pytest.raises(UsageError) as refused:
        WorkerProcesses(own=MODULE, max_cached_workflows=0, count=0)

    assert len(refused.value.problems) == 2


@pytest.mark.parametrize("wrong", [Deploy(), Deploy(application=Application(workflows=[]), own=MODULE)])
def test_a_deploy_is_of_one_version(wrong: Deploy) -> None:
    """None and two are refused."""
    (problem,) = wrong.problems()

    assert problem.startswith("give either an `application`")


# --- a module ---------------------------------------------------------------------------------------------------------


async def works(*, client: object, task_queue: str, items: str, verbose: bool = False) -> None:
    """Be a worker."""


async def takes_all(**given: object) -> None:
    """Take whatever comes."""


async def takes_too_little(client: object, hotels: str) -> None:
    """Lack the task queue and the fake, and want another."""


async def by_position(client: object, /, **given: object) -> None:
    """Take by position what comes by name."""


@pytest.mark.parametrize("name", ["works", "takes_all"])
def test_a_function_that_can_be_called_is_loaded(name: str) -> None:
    """By the names of what it is given."""
    assert replace(MODULE, entry=f"{__name__}:{name}").load(["items"]).__name__ == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("wroks", ["unknown function"]),
        ("problems", ["is not a coroutine function"]),
        (
            "takes_too_little",
            ["takes no argument 'task_queue'", "takes no argument 'items'", "needs an argument 'hotels'"],
        ),
        ("by_position", ["takes 'client' by position only"]),
    ],
)
def test_a_function_that_cannot_be_called_is_refused(name: str, said: list[str]) -> None:
    """With everything that is wrong with it."""
    with pytest.raises(UsageError) as refused:
        replace(MODULE, entry=f"{__name__}:{name}").load(["items"])

    assert len(refused.value.problems) == len(said)
    assert all(one in problem for one, problem in zip(said, refused.value.problems, strict=True))


def test_a_function_need_not_take_what_is_reached_by_host() -> None:
    """The base URL of a fake that stands in for hosts is passed to a function that has a parameter for it."""
    for name in ("works", "takes_all"):
        function = replace(MODULE, entry=f"{__name__}:{name}").load(["items", "pay"], by_host=["pay"])

        taken = taken_by(function, {"items": "http://i", "pay": "http://p"})
        assert ("pay" in taken) is (name == "takes_all")
    with pytest.raises(UsageError, match="takes no argument 'pay'"):
        replace(MODULE, entry=f"{__name__}:works").load(["items", "pay"])


# --- a command --------------------------------------------------------------------------------------------------------

SEAT = Seat(name="worker-1", socket="s", task_queue="q", sticky=0.3, base_urls={"items": "http://i"})


def found_by(command: WorkerCommand, *, environment_config: bool = False) -> tuple[list[str], dict[str, str]]:
    """What a command finds around it."""
    return arguments_and_environment(
        command, SEAT, temporal="h:1", namespace="n", environment_config=environment_config
    )


def test_a_command_finds_its_arguments_and_environment() -> None:
    """In its arguments and in environment variables, its own and those that everybody gets."""
    command = WorkerCommand(
        argv=["{python}", "--at", "{temporal}/{namespace}", "{{{task_queue}}}"], env={"STORE": "{items}/store"}
    )

    argv, env = found_by(command)

    assert argv == [sys.executable, "--at", "h:1/n", "{q}"]
    assert env["STORE"] == "http://i/store"
    assert (env["TEMPORAL_ADDRESS"], env["TEMPORAL_NAMESPACE"], env["TEMPORAL_TASK_QUEUE"]) == ("h:1", "n", "q")
    assert env["ITEMS_URL"] == "http://i"


def test_a_command_finds_the_proxy_of_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of the user's own; what it declares itself comes last."""
    monkeypatch.setenv("NO_PROXY", "*")
    command = WorkerCommand(argv=["shop"], env={"SSL_CERT_FILE": "mine.pem"})
    further = {"NO_PROXY": "127.0.0.1", "SSL_CERT_FILE": "run.pem"}
    _, env = arguments_and_environment(
        command, SEAT, temporal="h:1", namespace="n", environment_config=False, further=further
    )

    assert (env["NO_PROXY"], env["SSL_CERT_FILE"]) == ("127.0.0.1", "mine.pem")


def test_only_a_command_that_tells_is_told_of_its_seat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another's plugin would tell what nobody waits for, also where the variable was there before."""
    monkeypatch.setenv(VARIABLE, "{}")

    assert found_by(replace(COMMAND, tells=True))[1][VARIABLE] == SEAT.to_text()
    assert VARIABLE not in found_by(COMMAND)[1]


def test_the_user_s_own_connection_is_for_the_user_s_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or a certificate would keep a worker from a server of ours."""
    monkeypatch.setenv("TEMPORAL_API_KEY", "secret")
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", "mine.toml")

    ours, theirs = found_by(COMMAND)[1], found_by(COMMAND, environment_config=True)[1]

    assert "TEMPORAL_API_KEY" not in ours
    assert ours["TEMPORAL_CONFIG_FILE"] == os.devnull
    assert (theirs["TEMPORAL_API_KEY"], theirs["TEMPORAL_CONFIG_FILE"]) == ("secret", "mine.toml")


def test_outside_the_harness_the_plugin_does_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may stay in production's code."""
    monkeypatch.delenv(VARIABLE, raising=False)
    config = WorkerConfig(task_queue="q", interceptors=[])

    assert WorkerPlugin().configure_worker(config) == {"task_queue": "q", "interceptors": []}


# --- who polls --------------------------------------------------------------------------------------------------------

EARLIER, LATER = (datetime(2026, 1, 1, second=one, tzinfo=UTC) for one in (1, 2))


@pytest.mark.parametrize(
    ("seen", "before", "others", "who"),
    [
        ({}, {}, set(), None),
        ({"7@h": LATER}, {}, set(), "7@h"),
        ({"5@h": LATER, "7@h": LATER}, {}, set(), "7@h"),
        ({"5@h": LATER}, {}, {"5@h"}, None),
        ({"shop": EARLIER}, {"shop": EARLIER}, set(), None),
        ({"shop": LATER}, {"shop": EARLIER}, set(), "shop"),
        ({"shop": LATER}, {"shop": EARLIER}, {"shop"}, None),
    ],
    ids=["nobody", "one", "its-own-pid", "another's", "a-dead-one", "one-come-back", "one-identity-for-two"],
)
def test_a_new_poller_is_told_from_the_others(
    seen: dict[str, datetime], before: dict[str, datetime], others: set[str], who: str | None
) -> None:
    """By its identity, and by when it was seen."""
    assert newcomer(seen, before=before, others=others, pid=7) == who
