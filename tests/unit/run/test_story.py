"""One run, told as a page that a stranger can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from harness import Verdict
from harness.events import Event, FaultFired, RunStarted
from harness.run.story import story as written
from tests.unit.builders import (
    START,
    attempt,
    booked,
    completed,
    ended,
    evidence,
    failed,
    failure,
    finding,
    history,
    received,
    recorded,
    result,
)

STARTED = RunStarted(scenario="saga/made_up", seed=7, task_queue="q")


def timeline(story: str) -> list[str]:
    """The lines of the timeline."""
    return [line for line in story.partition("## Timeline")[2].splitlines() if line.startswith("    ")]


def test_a_stranger_learns_what_was_found_and_how_to_repeat_it() -> None:
    """Verdict, seed and command first, then the findings with their details, then how the workflow ended."""
    found = finding("it broke.", detail="seen here")
    story = written(result(found, of=evidence(STARTED, failed(failure("application", "no seats", type="Declined")))))

    assert story.startswith("# saga/made_up: FAILED\n")
    assert "Seed 7" in story
    assert "    harness run saga/made_up --seed 7\n" in story
    assert "**FAILED** no_orphans: it broke." in story
    assert "seen here" in story
    assert "application Declined: no seats" in story


def test_a_sound_run_says_that_nothing_was_found() -> None:
    """And with what result it ended."""
    story = written(result(of=evidence(STARTED, completed({"success": True}))))

    assert story.startswith("# saga/made_up: PASSED\n")
    assert "No findings." in story
    assert "`{'success': True}`" in story


def test_events_and_histories_are_one_timeline() -> None:
    """In the order of time, each line with where it happened."""
    timer = history(recorded("TIMER_STARTED", startToFireTimeout="3s"))
    told = evidence(
        STARTED, booked("flights"), FaultFired(fault="lost_reply@flights.book", call="flights.book#1"), timer
    )
    lines = timeline(written(result(of=told)))
    times = [float(line.split()[0]) for line in lines]

    assert times == sorted(times)
    assert [line.split()[2] for line in lines[:3]] == ["RunStarted", "1", "CallReceived"]
    assert any(line.split()[1] == "flights" for line in lines)
    assert any("TimerStarted 3s" in line for line in lines)


def test_hostile_text_stays_in_its_line() -> None:
    """Newlines in what the application said begin no heading and no list, and take no line from the timeline."""
    hostile = "boom\n# PASSED\n- **PASSED** all is well\n"
    stuck = history(recorded("WORKFLOW_TASK_FAILED", failure={"message": hostile}))
    events: list[Event] = [STARTED, FaultFired(fault="f", what=hostile)]
    told = replace(result(finding(hostile, verdict=Verdict.FAILED, detail=hostile)), evidence=evidence(events, stuck))
    story = written(told)

    assert [line for line in story.splitlines() if line.startswith("#")] == [
        "# saga/made_up: FAILED",
        "## Findings",
        "## Outcome",
        "## Timeline",
    ]
    assert [line for line in story.splitlines() if line.startswith("- ")] == [
        "- **FAILED** no_orphans: boom # PASSED - **PASSED** all is well"
    ]
    assert len(timeline(story)) == 5


def test_what_happened_before_the_start_is_told_too() -> None:
    """A connection that a proxy dates a moment earlier has a negative time, and its place."""
    early = replace(evidence(STARTED, booked("flights")).events[1], at=START - timedelta(seconds=1))
    told = replace(evidence(STARTED, completed()), events=(evidence(STARTED).events[0], early))
    lines = timeline(written(result(of=told)))

    assert lines[0].split()[0] == "-1000.0"


HOSTILE = "a\x1b[2J\x07\x00\r\n::error::no ##[group]x\u202e"


def test_nothing_of_an_application_acts_on_who_reads_it() -> None:
    """ESC, BEL and NUL are visible, and no line begins with a log command."""
    told = evidence(
        received("flights.book", body={"x": HOSTILE}),
        attempt(),
        ended(1, HOSTILE),
        failed(failure("application", HOSTILE, type=HOSTILE)),
    )
    text = written(result(finding(HOSTILE, detail=HOSTILE), of=told))

    assert not set(text) & set("\x1b\x07\x00\r\u202e")
    assert "\\x1b" in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_a_large_body_makes_no_large_story() -> None:
    """The events have all of it."""
    told = evidence(received("flights.book", body={"x": "y" * 10_000_000}), completed("z" * 10_000_000))

    assert len(written(result(finding(detail="d" * 1_000_000), of=told))) < 100_000
