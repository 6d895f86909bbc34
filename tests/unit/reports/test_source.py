"""The line of the application that a finding points to."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness import Harm, Verdict
from harness.files.places import Place
from harness.reports.source import place_of
from harness.verdict import Finding
from tests.unit.builders import completed, evidence, failed, failure, result

TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/workflow.py", line 7, in run
    return known["nowhere"]
  File "/usr/lib/python3.11/asyncio/tasks.py", line 9, in wait
  File "/venv/lib/python3.11/site-packages/temporalio/workflow.py", line 5, in helper
"""


def found(detail: str, *, harm: Harm = Harm.EFFECTS) -> Finding:
    """A finding with a detail."""
    return Finding(oracle="x", verdict=Verdict.FAILED, title="it broke.", detail=detail, harm=harm)


@pytest.mark.parametrize(
    ("detail", "place"),
    [
        (TRACEBACK, Place(path="/srv/app/workflow.py", line=7)),
        ("input[0] was 5, is now 6 (shop/workflow.py:12)", Place(path="shop/workflow.py", line=12)),
        ('File "/venv/lib/python3.11/site-packages/x.py", line 5, in y', None),
        (f'File "{Path(__file__).parents[3] / "harness" / "judge.py"}", line 5, in y', None),
        ("nothing", None),
    ],
)
def test_the_innermost_line_of_the_application_is_found(detail: str, place: Place | None) -> None:
    """Not one of a library, of Python or of the harness."""
    assert place_of(result(of=evidence(completed())), found(detail)) == place


def test_a_wrong_outcome_is_explained_by_the_workflow_s_failure() -> None:
    """By its traceback; it says nothing about what is left in place."""
    part = failure("application", "no seats") | {"stackTrace": TRACEBACK}
    run = result(of=evidence(failed(part)))

    assert place_of(run, found("", harm=Harm.OUTCOME)) == Place(path="/srv/app/workflow.py", line=7)
    assert place_of(run, found("", harm=Harm.EFFECTS)) is None


def test_the_lines_around_it_are_read_where_the_file_is(tmp_path: Path) -> None:
    """A report may be made on another machine, or after the code has changed."""
    file = tmp_path / "workflow.py"
    file.write_text("".join(f"line {number}\n" for number in range(1, 21)), encoding="utf-8")

    assert Place(path=str(file), line=2).excerpt == tuple((number, f"line {number}") for number in range(1, 7))
    assert Place(path=str(file), line=21).excerpt == ()
    assert Place(path=str(tmp_path / "gone.py"), line=1).excerpt == ()


def test_a_place_is_named_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a person would type it."""
    monkeypatch.chdir(tmp_path)

    assert str(Place(path=str(tmp_path / "shop" / "workflow.py"), line=3)) == "shop/workflow.py:3"
    assert str(Place(path="/elsewhere/workflow.py", line=3)) == "/elsewhere/workflow.py:3"
