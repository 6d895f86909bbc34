"""What a person sees."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from harness import Harm, Verdict
from harness.reports.session.terminal import TerminalReport
from harness.results import RunBegan, RunEnded, RunEvent, SessionEnded
from tests.unit.builders import finding, received, result, session


def shown(ended: SessionEnded, *, terminal: bool = False, watch: bool = False, width: int = 200) -> str:
    """What is printed of a session, wide enough that nothing is folded."""
    out = io.StringIO()
    report = TerminalReport(
        Console(file=out, force_terminal=terminal, highlight=False, width=width, color_system=None), watch=watch
    )
    report.notify(ended.started)
    for one in ended.results:
        report.notify(RunBegan(name=one.name))
        report.notify(RunEvent(name=one.name, event=received("flights.book")))
        report.notify(RunEnded(result=one))
    report.notify(ended)
    return out.getvalue()


def test_a_log_has_plain_lines() -> None:
    """In CI: no escape sequence, one line for each run as it ends, the table, the sum."""
    text = shown(session(result(name="saga/a"), result(finding(), name="saga/b")))
    lines = [line.split() for line in text.splitlines()]

    assert "\x1b" not in text
    assert ["PASSED", "saga/a", "1.50", "s"] in lines
    assert ["FAILED", "1", "passed,", "0", "inconclusive,", "1", "failed", "in", "2.00", "s"] in lines
    assert "Temporal:  Temporal 1.32" in text
    assert "Seed 7, 2 runs, kept in runs" in text


def test_a_red_run_hands_over_what_is_needed_to_look_into_it() -> None:
    """The first broken expectation in full, the others at least by name, seed, folder and command."""
    text = shown(session(result(finding("it broke.", detail="seen here"), finding("and more broke."), name="saga/b")))

    for part in (
        "it broke.",
        "seen here",
        "seed:    7",
        "folder:  runs/saga/b",
        "repeat:  harness run saga/b --seed 7",
    ):
        assert part in text


def test_one_cause_is_one_block() -> None:
    """The most harmful finding leads; each finding names its scenarios; one of them is the example."""
    order = replace(finding("wrong order."), oracle="effects_in_order", harm=Harm.ORDER)
    orphan = replace(finding("flights.book still exists."), harm=Harm.EFFECTS)
    names = [f"saga/{number:02}" for number in range(12)]
    text = shown(session(*(result(order, name=name) for name in names), result(orphan, order, name="saga/x")))

    assert "FAILED       13 scenarios, probably one cause\n  no_orphans: flights.book still exists.\n" in text
    assert "    in 1 scenario: saga/x\n" in text
    assert "  also effects_in_order: wrong order.\n    in 13 scenarios: saga/00, saga/01" in text
    assert "saga/09 and 3 more\n" in text
    assert text.count("repeat: ") == 1
    assert "  example: saga/x\n" in text


def test_a_run_is_one_line_of_the_table_however_narrow_the_log_is() -> None:
    """Only what was found is cut: a name that cannot be copied is of no use."""
    name = "saga/a_name_that_takes_most_of_the_line"
    text = shown(session(result(finding("it broke. " * 20), name=name)), width=80)

    [line] = [line for line in text.splitlines() if line.startswith("FAILED") and "…" in line]
    assert line.split()[:5] == ["FAILED", name, "1.50", "s", "1:"]


def test_the_code_is_named_where_it_is_known() -> None:
    """By file and line, to be opened."""
    text = shown(session(result(finding(detail='  File "/srv/shop/workflow.py", line 7, in run'))))

    assert "  code:    /srv/shop/workflow.py:7\n" in text


def test_no_finding_gives_a_command_to_the_ci_system() -> None:
    """Neither in the table nor in the account, however narrow the log is."""
    text = shown(session(result(finding("it broke.\n::set-output name=x::y", detail="::stop-commands::z"))), width=50)

    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


def test_a_green_run_is_one_line() -> None:
    """Nobody needs the seed of what held."""
    assert "repeat:" not in shown(session(result()))


def test_text_from_elsewhere_is_shown_as_it_is() -> None:
    """Brackets are not markup, a key is no picture, and no escape sequence reaches the terminal."""
    text = shown(session(result(finding("[/red] [bold]x[/bold] trip:car:1", detail="\\[z] :car: \x1b]0;evil\x07"))))

    assert text.count("[/red] [bold]x[/bold] trip:car:1") == 2
    assert "\\[z] :car: \\x1b]0;evil\\x07" in text
    assert "\x1b" not in text


def test_what_did_not_run_is_said() -> None:
    """Cut off or left out, with the reason."""
    text = shown(
        session(
            result(), not_run=("saga/later",), skipped={"stock/redis": "there is no redis-server"}, interrupted=True
        )
    )

    assert "saga/later" in text
    assert "stock/redis: there is no redis-server" in text
    assert "interrupted" in text


def test_events_are_shown_when_they_are_watched() -> None:
    """And only then."""
    quiet, watched = shown(session(result())), shown(session(result()), watch=True)

    assert "CallReceived" not in quiet
    assert "CallReceived" in watched


def test_a_terminal_gets_a_progress_bar_that_does_not_stay() -> None:
    """What is left when it is over reads like the log."""
    text = shown(session(result(finding(verdict=Verdict.INCONCLUSIVE))), terminal=True)

    assert "INCONCLUSIVE" in text
    assert "repeat:" in text
