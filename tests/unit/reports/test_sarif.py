"""Findings as SARIF: where they are shown, how loudly, and by what they are known again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from harness import Harm, Verdict
from harness.files.places import Place
from harness.reports.sarif import Alert, Level, write_sarif
from tests.unit.reports.sarif_files import SCHEMA, place_in, results_in

ALERT = Alert(rule="no_orphans", about="saga/a", title="1 booking is left.", level=Level.ERROR)


@pytest.fixture(name="repository")
def _repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a project in a folder of it, in which the command runs."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    project = tmp_path / "repo" / "apps" / "a shop"
    project.mkdir(parents=True)
    (project / "pyproject.toml").touch()
    monkeypatch.chdir(project)
    return tmp_path / "repo"


def shown(*alerts: Alert) -> list[str]:
    """Where each finding is shown."""
    file = Path("findings.sarif")
    write_sarif(file, alerts, category="harness/gate", project=Path.cwd())
    return [place_in(one) for one in results_in(file)]


@pytest.mark.parametrize(
    ("verdict", "harm", "level"),
    [
        (Verdict.FAILED, Harm.EFFECTS, "error"),
        (Verdict.FAILED, Harm.OUTCOME, "error"),
        (Verdict.FAILED, Harm.ORDER, "warning"),
        (Verdict.FAILED, Harm.COUNTS, "warning"),
        (Verdict.FAILED, Harm.HARNESS, "note"),
        (Verdict.INCONCLUSIVE, Harm.EFFECTS, "note"),
    ],
)
def test_the_level_is_by_harm(verdict: Verdict, harm: Harm, level: str) -> None:
    """What says nothing about the application holds no merge back in a code host."""
    assert Level.of(verdict, harm) == level


def test_paths_are_those_of_the_repository(repository: Path) -> None:
    """Also where the project is a folder of it, and the path was recorded from there, has spaces, or is no text."""
    inside = repository / "libs" / "pay.py"
    odd = os.fsdecode(b"caf\xe9.json")
    places = [Place(path="shop/flow.py", line=12), Place(path=str(inside), line=3), Place(path=odd, line=1)]
    alerts = [replace(ALERT, about=place.path, places=[place]) for place in places]

    assert shown(*alerts) == ["apps/a%20shop/shop/flow.py:12", "libs/pay.py:3", "apps/a%20shop/caf%E9.json:1"]


def test_the_next_best_line_is_shown_where_the_best_is_in_no_repository(repository: Path) -> None:
    """At last, the project's settings: a code host refuses a finding without a file."""
    outside, scenario = Place(path="/usr/lib/x.py", line=1), Place(path="scenarios/saga/a.py", line=9)

    assert shown(replace(ALERT, places=[outside, scenario])) == ["apps/a%20shop/scenarios/saga/a.py:9"]
    assert shown(replace(ALERT, places=[outside])) == ["apps/a%20shop/pyproject.toml:1"]


def test_a_fingerprint_is_stable_over_runs_and_moved_lines() -> None:
    """It depends on what is found, and neither on values, lines nor how it is described."""
    stuck = replace(ALERT, rule="no_stuck_task", title="KeyError", subject="workflow.py:12")
    same = [
        (ALERT, replace(ALERT, title="7 booking is left.", text="seen", level=Level.NOTE, waived="known")),
        (ALERT, replace(ALERT, places=[Place(path="x.py", line=1)])),
        (stuck, replace(stuck, subject="workflow.py:14")),
    ]
    other = [replace(ALERT, rule="x"), replace(ALERT, about="saga/b"), replace(ALERT, subject="flights"), stuck]

    assert all(one.fingerprint == another.fingerprint for one, another in same)
    assert len({one.fingerprint for one in (ALERT, *other)}) == 1 + len(other)


def test_one_finding_of_several_runs_is_one_result(repository: Path) -> None:
    """With their number."""
    write_sarif(Path("x.sarif"), [ALERT, replace(ALERT, title="2 booking is left.")], category="x", project=Path.cwd())
    (result,) = results_in(Path("x.sarif"))

    assert result["occurrenceCount"] == 2
    assert set(result["partialFingerprints"]) == {"harnessFinding/v1", "primaryLocationLineHash"}


def test_what_is_waived_is_suppressed(repository: Path) -> None:
    """With the reason; a code host shows it as closed."""
    write_sarif(Path("x.sarif"), [replace(ALERT, waived="Waived until 2027.")], category="x", project=Path.cwd())
    (result,) = results_in(Path("x.sarif"))

    assert result["suppressions"] == [{"kind": "external", "justification": "Waived until 2027."}]


def test_rules_are_described(repository: Path) -> None:
    """By the oracle, the invariant or the rule of replay; one of the user's own by its name."""
    names = ["no_orphans", "conserved", "replay/drift", "my_rule"]
    alerts = [replace(ALERT, rule=name) for name in names]
    write_sarif(Path("x.sarif"), alerts, category="x", project=Path.cwd())
    driver = json.loads(Path("x.sarif").read_text(encoding="utf-8"))["runs"][0]["tool"]["driver"]
    described = {one["id"]: one["shortDescription"]["text"] for one in driver["rules"]}

    assert described["my_rule"] == "What my_rule says must hold."
    assert described["replay/drift"] == "The commands are those of recorded histories in every field."
    assert all(text and text != f"What {name} says must hold." for name, text in described.items() if name != "my_rule")


@pytest.mark.parametrize("hostile", ["a [link](1)", "\x1b[31m", "half \ud800", "x" * 100_000, "::error::x"])
def test_any_text_is_carried(hostile: str, repository: Path) -> None:
    """It stays text, of a bounded length."""
    alert = replace(ALERT, title=hostile, text=hostile, subject=hostile)
    write_sarif(Path("x.sarif"), [alert], category="x", project=Path.cwd())
    (result,) = results_in(Path("x.sarif"))

    text = result["message"]["text"]
    assert len(text) < 30_000
    assert "](" not in text
    assert "\x1b" not in text


def test_the_schema_notices_a_misspelled_field(repository: Path) -> None:
    """Else the other tests could not fail."""
    write_sarif(Path("x.sarif"), [ALERT], category="x", project=Path.cwd())
    data = json.loads(Path("x.sarif").read_text(encoding="utf-8"))
    result = data["runs"][0]["results"][0]
    result["levels"] = result.pop("level")

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, SCHEMA)
