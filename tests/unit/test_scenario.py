"""A scenario is a frozen value, refused when wrong at the moment it is built."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from fakes.cars import Cars
from fakes.flights import Flights
from fakes.hotels import Hotels
from fakes.shapes.booking import BookingService
from harness import (
    Application,
    AtMostOnce,
    AtPoint,
    Attempts,
    Call,
    EffectsInOrder,
    FakeService,
    Fault,
    FirstCalls,
    FromCall,
    HttpError,
    Kill,
    LateCommit,
    Latency,
    LostReply,
    NoOrphans,
    NthDelivery,
    Outage,
    Outcome,
    Phase,
    RateLimit,
    Reply,
    RetrySchedule,
    Scenario,
    StartOptions,
    StateCarried,
    TimeoutKind,
    UsageError,
    Window,
    WorkerCommand,
    WorkerProcesses,
    operation,
)
from harness.explore.backends.scenario_target import from_scenario
from scenarios.saga import all_well
from scenarios.saga.activities import TripActivities
from scenarios.saga.workflow import BookTrip

SOUND = all_well.scenario

UNTYPED: Any = Flights
BOOK: Any = Flights.book
FIVE: Any = 5


class Elsewhere:
    """A workflow of another application."""

    async def run(self) -> None:
        """Do nothing."""


def problems(**wrong: Any) -> tuple[str, ...]:
    """What is wrong with the sound scenario when these fields are replaced."""
    with pytest.raises(UsageError) as refused:
        replace(SOUND, **wrong)
    return refused.value.problems


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"expects": []},
            "expects is empty: a scenario that cannot fail proves nothing; add an oracle such as Outcome().",
        ),
        ({"uses": [Cars, Hotels, Flights, Cars]}, "uses names a fake twice: cars, hotels, flights, cars."),
        ({"deadline": timedelta(0)}, "deadline must be positive, got 0 s."),
        ({"claims": ["SAGA-1"]}, "claims must be ids such as 'SAGA-001', got 'SAGA-1'."),
        ({"claims": ["saga-001"]}, "claims must be ids such as 'SAGA-001', got 'saga-001'."),
        ({"faults": ["lost reply"]}, "'lost reply' is not a fault."),
        ({"expects": ["no orphans"]}, "'no orphans' is not an oracle."),
        (
            {"workflow": Elsewhere.run},
            "workflow=Elsewhere.run is not one of the application's workflows: BookTrip.run.",
        ),
        ({"workflow": BookTrip}, "workflow=BookTrip is not one of the application's workflows: BookTrip.run."),
        (
            {"faults": [HttpError(on=Flights.book, status=200)]},
            "http_error on flights.book: status must be 400 to 599, got 200",
        ),
        (
            {"faults": [Latency(on=Flights, delay=timedelta(0))]},
            "latency on flights: delay must be at least 1 ms, got 0:00:00.",
        ),
        ({"faults": [RateLimit(on=Cars.book, limit="lots")]}, "rate_limit on cars.book: limit must look like"),
    ],
    ids=lambda value: value if isinstance(value, str) else "wrong",
)
def test_what_makes_no_sense_is_refused_in_one_sentence(wrong: dict[str, Any], said: str) -> None:
    """One problem each, naming what came."""
    (problem,) = problems(**wrong)

    assert problem.startswith(said)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"faults": [Outage(on=Flights)]}, "outage names flights"),
        ({"faults": [LostReply(on=Flights.book)]}, "lost_reply names flights.book"),
        ({"faults": [LostReply(on=BookingService.book)]}, "lost_reply names booking_service.book"),
        ({"faults": [LateCommit(on=Cars.book, after=Flights.cancel)]}, "late_commit names flights.cancel"),
        ({"faults": [LostReply(on=Cars.book, when=FirstCalls(n=1, of=Flights.book))]}, "lost_reply names flights.book"),
        (
            {"faults": [Outage(on=Cars, when=Window(opens=FromCall(n=1), closes=FromCall(n=2, of=Flights.book)))]},
            "outage names flights.book",
        ),
        ({"expects": [Attempts(of=Flights.book, count=1)]}, "attempts names flights.book"),
        ({"expects": [AtMostOnce(of=Flights.book)]}, "at_most_once names flights.book"),
        ({"expects": [NoOrphans(but=[Flights.book])]}, "no_orphans names flights.book"),
        ({"expects": [EffectsInOrder(operations=(Cars.book, Flights.book))]}, "effects_in_order names flights.book"),
    ],
    ids=[
        "fault-on-a-fake",
        "fault-on-an-operation",
        "fault-on-a-shape",
        "second-target",
        "trigger",
        "trigger-in-a-trigger",
        "attempts",
        "at-most-once",
        "in-a-list",
        "in-a-tuple",
    ],
)
def test_what_names_a_fake_that_is_not_used_is_refused(wrong: dict[str, Any], named: str) -> None:
    """Wherever the name stands: in a fault, its trigger, its trigger's triggers, or an oracle."""
    found = problems(application=Application(workflows=[BookTrip]), uses=[Cars], **wrong)

    assert f"{named}, but the scenario does not use that fake." in found


@pytest.mark.parametrize("wrong", [{"faults": [LostReply]}, {"expects": [NoOrphans]}], ids=["fault", "oracle"])
def test_a_class_instead_of_a_value_is_guessed(wrong: dict[str, Any]) -> None:
    """Forgotten parentheses are the likeliest mistake; a class would be asked in vain after the whole run."""
    (problem,) = problems(**wrong)

    assert problem.endswith("; did you mean an instance of it?")


def test_all_problems_are_told_at_once() -> None:
    """A second run to learn of the second mistake is a run too many."""
    found = problems(
        expects=[],
        deadline=timedelta(seconds=-1),
        claims=["?"],
        faults=[HttpError(on=Flights.book, status=99), RateLimit(on=Cars.book, limit="", taken=-1)],
    )

    assert len(found) == 6


def nothing() -> list[Any]:
    """Activities that want no base URL."""
    return []


def wants_a_bank(*, cars: str, hotels: str, flights: str, bank: str) -> list[Any]:
    """Activities that want a service more than the scenario uses."""
    return []


def takes_anything(**urls: str) -> list[Any]:
    """Activities that take every base URL."""
    return []


def has_a_default(*, cars: str, hotels: str, flights: str, bank: str = "https://bank") -> list[Any]:
    """Activities that can do without the bank."""
    return []


@pytest.mark.parametrize(
    ("activities", "said"),
    [
        (
            wants_a_bank,
            ("the activities need a base URL 'bank', but the scenario uses no fake of that name.",),
        ),
        (
            nothing,
            tuple(
                f"the scenario uses the fake {name!r}, but the activities take no base URL of that name."
                for name in ("cars", "hotels", "flights")
            ),
        ),
    ],
)
def test_activities_that_do_not_fit_the_fakes_are_refused(
    activities: Callable[..., Any], said: tuple[str, ...]
) -> None:
    """Before anything starts, in both directions."""
    assert problems(application=Application(workflows=[BookTrip], activities=activities)) == said


@pytest.mark.parametrize("activities", [takes_anything, has_a_default, None])
def test_activities_that_fit_are_accepted(activities: Callable[..., Any] | None) -> None:
    """Those with defaults, those that take anything, and none at all."""
    replace(SOUND, application=Application(workflows=[BookTrip], activities=activities))


def test_an_application_without_workflows_is_refused() -> None:
    """There would be nothing to run."""
    assert "Application: workflows is empty; name at least one workflow class." in problems(
        application=Application(workflows=[])
    )


@pytest.mark.parametrize(("given", "arguments"), [((), []), ("Ada", ["Ada"]), (("a", 1), ["a", 1]), (["a"], [["a"]])])
def test_a_tuple_is_several_arguments(given: Any, arguments: list[Any]) -> None:
    """Anything else is the one argument, a list too."""
    assert replace(SOUND, given=given).arguments == arguments


def test_faults_have_names_of_their_own() -> None:
    """Kind and target, and a number from the second of the same on."""
    faults: list[Fault] = [
        LostReply(on=Flights.book),
        Outage(on=Flights),
        LostReply(on=Flights.book),
        LostReply(on=Flights.book),
    ]
    named = replace(SOUND, faults=faults).fault_names

    assert list(named) == [
        "lost_reply@flights.book",
        "outage@flights",
        "lost_reply@flights.book~2",
        "lost_reply@flights.book~3",
    ]
    assert list(named.values()) == faults


def test_a_scenario_is_frozen() -> None:
    """What was judged is what was declared."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        SOUND.deadline = timedelta(1)  # type: ignore[misc]  # the point


@dataclass(frozen=True, kw_only=True)
class MyOwn:
    """An oracle of somebody else's, which the harness does not know."""

    def judge(self, evidence: Any) -> list[Any]:
        """Find nothing."""
        return []


def test_an_oracle_is_whoever_judges() -> None:
    """A user's own oracle needs no base class."""
    assert isinstance(replace(SOUND, expects=[MyOwn(), Outcome()]), Scenario)


def test_a_workflow_cannot_be_started_to_be_over_already() -> None:
    """Every timeout that is not positive is told, at once."""
    with pytest.raises(UsageError) as refused:
        StartOptions(execution_timeout=timedelta(0), run_timeout=timedelta(seconds=-1), task_timeout=timedelta(0))

    assert refused.value.problems == (
        "StartOptions: execution_timeout must be positive, got 0 s.",
        "StartOptions: run_timeout must be positive, got -1 s.",
        "StartOptions: task_timeout must be positive, got 0 s.",
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (
            {"faults": [LostReply(on=UNTYPED)]},
            "<class 'fakes.flights.Flights'>. Name one of its operations: Flights.book, Flights.cancel.",
        ),
        ({"faults": [Outage(on=BOOK)]}, "Name the whole service: Flights."),
        ({"faults": [LostReply(on=Flights.book, when=FirstCalls(n=1, of=UNTYPED))]}, "FirstCalls: of must be"),
        ({"faults": [Latency(on=Flights, delay=FIVE)]}, "Latency: delay must be a timedelta, got 5."),
        ({"expects": [AtMostOnce(of=UNTYPED)]}, "AtMostOnce: of must be an Operation"),
        ({"expects": [EffectsInOrder(operations=[UNTYPED])]}, "Name one of its operations: Flights.book"),
        ({"expects": [StateCarried(of=Flights.book, per="x", sent_by=["cnfirm"])]}, "Did you mean 'confirm'?"),
        ({"deadline": 60}, "Scenario: deadline must be a timedelta, got 60."),
        ({"uses": [Flights, "hotels"]}, "Scenario: uses must be a list"),
        (
            {"workers": WorkerProcesses(), "faults": [Kill(when=NthDelivery(n=1, workflow="BookTrp"))]},
            "nth_delivery: unknown workflow 'BookTrp'. Did you mean 'BookTrip'?",
        ),
        ({"application": Application(workflows=[BookTrip], passthrough_modules=["no.such"])}, "no module 'no.such'"),
    ],
)
def test_what_can_match_nothing_is_refused(wrong: dict[str, Any], said: str) -> None:
    """It would break while the scenario runs, or never find anything."""
    assert any(said in one for one in problems(**wrong))


def test_an_activity_or_a_workflow_is_named_by_its_function_too() -> None:
    """Then a type checker knows it."""
    point = AtPoint(phase=Phase.BEFORE_BODY, activity=TripActivities.book_car, workflow=BookTrip)

    assert (point.activity, point.workflow) == ("book_car", "BookTrip")
    assert RetrySchedule(activity=TripActivities.book_car, initial=timedelta(seconds=1)).activity == "book_car"
    with pytest.raises(UsageError, match="is not an activity"):
        TimeoutKind(activity=print, retry_state="TIMEOUT")
    with pytest.raises(UsageError, match="is not a workflow"):
        NthDelivery(n=1, workflow=print)


# --- hosts ------------------------------------------------------------------------------------------------------------


class Stripe(FakeService):
    """Stands in for one host."""

    hosts = ("api.stripe.com",)

    @operation("POST /v1/charges")
    async def charge(self, call: Call) -> Reply:
        """Charge."""
        return Reply()


class Adyen(FakeService):
    """Stands in for the same."""

    hosts = ("checkout.adyen.com", "API.stripe.com")


def test_a_fake_with_hosts_has_a_worker_process_and_no_argument() -> None:
    """The environment, which names the proxy, is one for each process; the application takes no base URL."""
    found = replace(SOUND, uses=[*SOUND.uses, Stripe])

    assert SOUND.workers is None
    assert found.workers == WorkerProcesses()
    assert found.hosts == ["api.stripe.com"]


def test_a_host_belongs_to_one_fake() -> None:
    """However it is written."""
    with pytest.raises(UsageError) as refused:
        replace(SOUND, uses=[*SOUND.uses, Stripe, Adyen])

    assert refused.value.problems == (
        "'api.stripe.com' is a host of stripe and adyen; only one fake of a scenario can stand in for it.",
    )


def test_a_machine_without_trustme_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only where a fake has hosts."""
    monkeypatch.setattr("harness.extras.brought", lambda _: ("trustme",))
    monkeypatch.setattr("harness.extras.installed", lambda _: "")

    (missing,) = replace(SOUND, uses=[*SOUND.uses, Stripe]).missing

    assert missing.startswith("a fake that has `hosts` needs trustme, which is not installed: ")
    assert missing.endswith("pip install 'temporal-resilience-harness[hosts]'.")
    assert not SOUND.missing


def test_an_exploration_has_no_scenario_with_hosts() -> None:
    """Its faults are injected in its own process; a target does it."""
    with pytest.raises(UsageError, match=r"Write a Target that calls `fake_hosts`"):
        from_scenario("saga/all_well", replace(SOUND, uses=[*SOUND.uses, Stripe]), [])


# --- an application in its own environment ----------------------------------------------------------------------------

THERE = Application(modules=["shop.workflows"])
PROGRAM = WorkerProcesses(own=WorkerCommand(argv=["{python}", "-m", "shop"]))


def elsewhere(**changes: Any) -> Scenario:
    """A scenario that names its application by names, with other values in some fields."""
    values: dict[str, Any] = {
        "application": THERE,
        "workflow": "PlaceOrder",
        "workers": PROGRAM,
        "expects": [Outcome()],
        **changes,
    }
    return Scenario(**values)


def test_a_workflow_may_be_named_by_its_type() -> None:
    """One of the application's classes, or one of an application that is elsewhere."""
    assert elsewhere().workflow_name == "PlaceOrder"
    assert replace(SOUND, workflow="BookTrip").workflow_name == "BookTrip"
    with pytest.raises(UsageError, match=r"unknown workflow 'BookTrips'\. Did you mean 'BookTrip'\?"):
        replace(SOUND, workflow="BookTrips")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"workers": None}, "start its worker program with workers=WorkerProcesses"),
        ({"workers": WorkerProcesses()}, "start its worker program with workers=WorkerProcesses"),
        ({"workflow": BookTrip.run}, "workflow must be a workflow type, such as 'BookTrip'"),
        ({"application": Application(modules=["a-b"])}, "'a-b' in `modules` is not MODULE or MODULE:CLASS"),
        ({"application": Application(modules="shop")}, "modules must be a list of texts, got 'shop'"),
        ({"application": Application(modules=["a"], workflows=[BookTrip])}, "give workflows or modules, not both"),
        ({"application": Application(workflows=[BookTrip], converter="a:b")}, "converter goes with modules="),
        ({"application": Application()}, "workflows is empty"),
    ],
)
def test_an_application_elsewhere_is_named_in_full(changes: dict[str, Any], words: str) -> None:
    """Whatever is missing or contradicts it is refused."""
    with pytest.raises(UsageError) as refused:
        elsewhere(**changes)

    assert words in str(refused.value)
