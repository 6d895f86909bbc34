"""What was found in many runs, grouped by its probable cause."""

from __future__ import annotations

import pytest

from harness import Harm, Verdict
from harness.files.wording import masked
from harness.reports.causes import alike, causes
from harness.results import Kind, Reason, Triage
from harness.verdict import Finding
from tests.unit.builders import booked, evidence, finding, result


def orphan(nth: int) -> Finding:
    """A booking that is left in place."""
    return Finding(
        oracle="no_orphans",
        verdict=Verdict.FAILED,
        harm=Harm.EFFECTS,
        title="flights.book still exists.",
        refs=(f"flights.book#{nth}",),
    )


def outcome(value: str) -> Finding:
    """A result that is not as expected."""
    title = f"result: compensated is {value}, expected ['car']"
    return Finding(oracle="outcome", verdict=Verdict.FAILED, title=title)


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("compensated is ['hotel', 'car'], expected []", "compensated is [], expected ['flight', ('a', {'b': [1]})]"),
        ("the workflow's key is 'a', not 'b'", "the workflow's key is 'c d', not \"e\""),
        ("2 calls of trip-7f3a:flight took 0.5 s", "31 calls of trip-00:flight took 12.25 s"),
    ],
)
def test_titles_that_differ_in_their_values_are_one(title: str, other: str) -> None:
    """What is quoted, in brackets, or has a digit in it is a value."""
    assert masked(title) == masked(other)


def test_what_a_title_is_about_is_no_value() -> None:
    """The names of operations, activities and fields stay."""
    assert masked("flights.book still exists.") == "flights.book still exists."
    assert masked("bookings is {'a': 1}, expected {}") != masked("compensated is {'a': 1}, expected {}")


def test_one_mistake_is_one_cause() -> None:
    """Runs are joined by any symptom that they share; the most harmful leads, in the shortest run that has it."""
    long = result(orphan(2), outcome("['hotel']"), name="saga/a", of=evidence(booked("flights"), booked("cars")))
    short = result(outcome("[]"), orphan(1), name="saga/b", of=evidence(booked("flights")))
    other = result(outcome("['x']"), name="saga/c")

    [cause] = causes([long, short, other])

    assert [(one.finding.oracle, one.names) for one in cause.symptoms] == [
        ("no_orphans", ("saga/a", "saga/b")),
        ("outcome", ("saga/a", "saga/b", "saga/c")),
    ]
    assert cause.names == ("saga/a", "saga/b", "saga/c")
    assert cause.example is short
    assert cause.lead.finding == orphan(1)


def test_what_has_nothing_in_common_is_apart_the_most_harmful_first() -> None:
    """The same words about another pattern's workflow are another mistake; about one operation they are not."""
    unclear = finding("the fault never fired.", verdict=Verdict.INCONCLUSIVE)
    found = causes(
        [
            result(unclear, name="retry/x"),
            result(outcome("[]"), name="payment/a"),
            result(outcome("[]"), name="saga/a"),
            result(outcome("[]"), name="saga/b"),
            result(orphan(1), name="stock/a"),
            result(orphan(1), name="tours/a"),
            result(name="saga/sound"),
        ]
    )

    assert [cause.names for cause in found] == [
        ("stock/a", "tours/a"),
        ("saga/a", "saga/b"),
        ("payment/a",),
        ("retry/x",),
    ]
    assert [cause.verdict for cause in found] == [Verdict.FAILED] * 3 + [Verdict.INCONCLUSIVE]


def test_a_scenario_that_is_run_many_times_is_named_once() -> None:
    """And so is a run that has a symptom several times."""
    [cause] = causes([result(orphan(1), orphan(2)), result(orphan(1))])

    assert cause.names == ("saga/made_up",)
    assert len(cause.lead.results) == 2


def test_nothing_found_has_no_cause() -> None:
    """A green session."""
    assert causes([result(), result(name="saga/b")]) == ()


def test_reasons_that_say_the_same_of_several_scenarios_are_one() -> None:
    """With what further runs of each showed; what is not about a scenario stays as it is."""
    reasons = [
        Reason(kind=Kind.NEW, name="saga/a", finding="outcome", what="result: x is 1, expected 2."),
        Reason(kind=Kind.NEW, name="payment/a", finding="outcome", what="result: x is 1, expected 2."),
        Reason(kind=Kind.NEW, name="saga/b", finding="outcome", what="result: x is 3, expected 2."),
        Reason(kind=Kind.CORPUS, name="histories/a", what="1 history does not replay."),
        Reason(kind=Kind.CORPUS, name="histories/b", what="2 histories do not replay."),
        Reason(kind=Kind.INTERRUPTED, what="the session was interrupted."),
    ]
    triage = {"saga/b": Triage.ALWAYS, "payment/a": Triage.ALWAYS}

    assert [str(one) for one in alike(reasons, triage)] == [
        "new: outcome: result: x is 1, expected 2. In 2 scenarios: saga/a, saga/b (fails every time)",
        f"{reasons[1]} (fails every time)",
        *map(str, reasons[3:]),
    ]


def test_a_payload_of_megabytes_is_no_hindrance() -> None:
    """A title that holds one is grouped by what is shown of it, at once."""
    many = "x" * 10_000_000

    assert masked(many) == masked(f"{many}1")
