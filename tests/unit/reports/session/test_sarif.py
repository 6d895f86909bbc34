"""A session and a gate as SARIF."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness import Harm, Verdict
from harness.files.places import Place
from harness.gate.baseline import Waiver
from harness.gate.decision import decide
from harness.reports.session.sarif import SarifReport
from harness.results import Kind, Reason, RunBegan, SessionEnded
from harness.settings import Policy
from harness.verdict import Finding
from tests.unit.builders import finding, result, session
from tests.unit.reports.sarif_files import place_in, results_in

TODAY = date(2026, 11, 22)
LINE = finding("it broke.", detail='File "shop/workflow.py", line 7, in run')
BESIDE = Finding(oracle="at_most_once", title="it took effect twice.", harm=Harm.EFFECTS, subject="charge")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(ended: SessionEnded, **decided: Any) -> list[dict[str, Any]]:
    """The results that are written of a session, decided over or not."""
    report = SarifReport(Path("x.sarif"), scenarios={"saga/a": Place(path="saga/a.py", line=9)}, project=Path.cwd())
    report.notify(ended)
    if decided:
        report.notify(decide(ended, policy=Policy(), today=TODAY, **decided))
    return results_in(Path("x.sarif"))


def test_a_finding_is_shown_at_the_line_that_it_names() -> None:
    """Else at its scenario, also where a run of it has a longer name."""
    one, two, three = written(
        session(
            result(LINE, name="saga/a"),
            result(finding("it broke otherwise."), name="saga/a"),
            result(finding(), name="saga/a/crash-at-017"),
        )
    )

    assert list(map(place_in, (one, two, three))) == ["shop/workflow.py:7", "saga/a.py:9", "saga/a.py:9"]
    assert (one["ruleId"], one["level"]) == ("no_orphans", "error")
    assert one["message"]["text"].startswith("saga/a: it broke.\n\n")
    assert one["message"]["text"].endswith("Repeat: harness run saga/a --seed 7")


def test_what_passed_is_not_there() -> None:
    """Nor advice; the file is there all the same, as it closes what was found before."""
    assert written(session(result(finding(verdict=Verdict.PASSED)), result())) == []


def test_what_a_gate_waives_is_suppressed() -> None:
    """And nothing else of the same oracle."""
    waiver = Waiver(
        scenario="saga/a",
        finding="no_orphans",
        title="it broke.",
        expires=TODAY + timedelta(days=1),
        reason="known",
        owner="us",
    )
    run = result(LINE, finding("it broke otherwise."), name="saga/a")
    waived, new = written(session(run), waivers=[waiver])

    assert waived["suppressions"][0]["justification"].startswith("it broke. Waived until 2026-11-23: known")
    assert "suppressions" not in new


def test_findings_of_a_gate_s_explorations_and_replays_are_there() -> None:
    """At their lines; other reasons, such as an interruption, are no findings."""
    place = Place(path="shop/activities.py", line=3)
    (found,) = written(
        session(result(name="saga/a")),
        further=[
            Reason(kind=Kind.EXPLORED, name="shop.py", what="twice (--only 'x')", found=BESIDE, place=place),
            Reason(kind=Kind.INTERRUPTED, name="shop.py", what="it was interrupted."),
        ],
    )

    assert (found["ruleId"], found["level"], place_in(found)) == ("at_most_once", "error", "shop/activities.py:3")
    assert found["message"]["text"] == "shop.py: it took effect twice.\n\ntwice (--only 'x')"


def test_a_waived_finding_of_an_exploration_is_known_by_the_same_fingerprint() -> None:
    """A code host then closes its alert, instead of opening another."""
    red = Reason(kind=Kind.EXPLORED, name="shop.py", what="twice (--only 'x')", found=BESIDE)
    waived = replace(red, kind=Kind.WAIVED, what="twice Waived.", found=replace(BESIDE, verdict=Verdict.PASSED))
    Path("pyproject.toml").touch()
    (one,), (another,) = (written(session(result(name="saga/a")), further=[reason]) for reason in (red, waived))

    assert one["partialFingerprints"] == another["partialFingerprints"]
    assert another["level"] == "error"
    assert another["suppressions"]


def test_nothing_is_written_before_the_end(tmp_path: Path) -> None:
    """Half a file would be taken for the whole."""
    SarifReport(tmp_path / "x.sarif", scenarios={}, project=tmp_path).notify(RunBegan(name="saga/a"))

    assert list(tmp_path.iterdir()) == []
