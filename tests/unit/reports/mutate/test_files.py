"""The files that mutation testing writes for CI systems and reviewers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from junitparser import JUnitXml

from harness.mutate.fate import Fate, Mutation, Tried
from harness.reports.mutate.junit import write_junit
from harness.reports.mutate.markdown import write_markdown
from tests.unit.mutate.made import MUTANT

SESSION = Mutation(
    tried=[
        Tried(mutant=MUTANT, fate=Fate.CONVICTED, scenario="saga/declined", oracle="no_orphans", title="one is left"),
        Tried(mutant=MUTANT, fate=Fate.SURVIVED),
        Tried(mutant=MUTANT, fate=Fate.SURVIVED, waived="Waived until 2027-01-01"),
        Tried(mutant=MUTANT, fate=Fate.HUNG),
        Tried(mutant=MUTANT, fate=Fate.COULD_NOT_RUN, title="app.py cannot be imported"),
    ],
    not_passing=["saga/slow: INCONCLUSIVE, never"],
    took=timedelta(seconds=9),
    trying=timedelta(seconds=6),
)


def test_in_junit_a_survivor_is_a_failure_and_one_that_hung_an_error(tmp_path: Path) -> None:
    """What is accepted or could not run is skipped."""
    write_junit(SESSION, tmp_path / "junit.xml")

    xml = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    assert (xml.tests, xml.failures, xml.errors, xml.skipped) == (5, 1, 1, 2)
    text = (tmp_path / "junit.xml").read_text()
    assert "convicted by saga/declined (no_orphans): one is left" in text
    assert "HttpError, with NoOrphans" in text


def test_markdown_has_the_score_a_table_and_each_survivor(tmp_path: Path) -> None:
    """An accepted one is none."""
    write_markdown(SESSION, tmp_path / "summary.md")

    text = (tmp_path / "summary.md").read_text()
    assert text.startswith("## Mutants: 33% convicted\n")
    assert "| `app.py` | 5 | 1 | 2 |" in text
    assert text.count("### survived") == 1
    assert "no scenario runs these lines. Would notice it: HttpError, with NoOrphans." in text
    assert "\n-await x\n+x\n```" in text
    assert "saga/slow: INCONCLUSIVE" in text
