"""What proves a claim is found in files, and what it said last in the folders of its runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from harness.catalog import Catalog, Entry
from harness.errors import UsageError
from harness.settings import Settings
from harness.specification.claims import Proof
from harness.specification.proofs import Verdicts, keep_verdicts, last_verdicts, load_specification, verdicts_in
from harness.verdict import Verdict
from scenarios.saga import all_well
from tests.unit.specification.test_claims import WHOLE

TEST = """
import pytest

CASES = [pytest.param(1, marks=pytest.mark.claims("CB-003"))]

@pytest.mark.claims("CB-001", "CB-002")
async def test_one(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=[pytest.mark.claims("CB-002")]), 2])
def test_two(x): ...

class TestThree:
    @pytest.mark.claims("CB-001")
    def test_four(self): ...
"""


def proofs(root: Path, *entries: Entry, test: str = TEST) -> Mapping[str, Proof]:
    """Return the proofs of a project with these scenarios and this test file, by name."""
    for folder in ("scenarios/claims", "tests"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    (root / "scenarios/claims/breaker.toml").write_text(WHOLE, encoding="utf-8")
    (root / "tests/test_it.py").write_text(test, encoding="utf-8")
    catalog = Catalog(entries={one.name: one for one in entries}, broken={})
    found = load_specification(root, Settings(), catalog, verdicts=last_verdicts(root / "runs")).proofs
    return {one.name: one for one in found}


def report(root: Path, name: str, started_at: str, *verdicts: str) -> None:
    """Leave the report of a session in which a scenario ran once for each verdict."""
    file = root / "runs" / started_at[:4] / "report.json"
    file.parent.mkdir(parents=True)
    runs = [{"name": name, "verdict": verdict} for verdict in verdicts]
    file.write_text(json.dumps({"started_at": started_at, "runs": runs}), encoding="utf-8")


def test_marked_tests_prove(tmp_path: Path) -> None:
    """A mark is of the test it stands at, a case's mark included; one outside any test is the file's."""
    assert {name: one.claims for name, one in proofs(tmp_path).items()} == {
        "tests/test_it.py": ("CB-003",),
        "tests/test_it.py::test_one": ("CB-001", "CB-002"),
        "tests/test_it.py::test_two": ("CB-002",),
        "tests/test_it.py::TestThree::test_four": ("CB-001",),
    }


def test_a_mark_is_literal(tmp_path: Path) -> None:
    """An id that is not written out cannot be read, and is refused with its line."""
    with pytest.raises(UsageError, match=r"test_it\.py:1: mark\.claims takes ids as string literals"):
        proofs(tmp_path, test="@pytest.mark.claims(NAME)\ndef test_it(): ...")


def test_what_tests_said_is_kept(tmp_path: Path) -> None:
    """By test and claim; what other tests said in earlier sessions stays."""
    one, two = "tests/test_it.py::test_one", "tests/test_it.py::test_two"
    keep_verdicts(tmp_path / "runs/pytest", {(one, "CB-001"): Verdict.PASSED, (one, "CB-002"): Verdict.PASSED})
    keep_verdicts(tmp_path / "runs/pytest", {(two, "CB-002"): Verdict.PASSED})
    keep_verdicts(tmp_path / "runs/pytest", {(two, "CB-002"): Verdict.FAILED})
    found = proofs(tmp_path)

    assert found[one].verdicts == {"CB-001": Verdict.PASSED, "CB-002": Verdict.PASSED}
    assert found[two].verdicts == {"CB-002": Verdict.FAILED}


def test_the_last_session_of_a_scenario_counts(tmp_path: Path) -> None:
    """The latest in which it ran, the worst of its runs there; a report that was cut off is passed over."""
    scenario = Entry(
        name="breaker/opens",
        path=tmp_path / "scenarios/breaker/opens.py",
        summary="",
        scenario=replace(all_well.scenario, claims=["CB-001"]),
    )
    report(tmp_path, "breaker/opens", "2025-01-01T00:00:00+00:00", "FAILED")
    report(tmp_path, "breaker/opens", "2026-01-01T00:00:00+00:00", "PASSED", "INCONCLUSIVE")
    report(tmp_path, "another", "2027-01-01T00:00:00+00:00", "FAILED")
    (tmp_path / "runs/2028").mkdir()
    (tmp_path / "runs/2028/report.json").write_text('{"started', encoding="utf-8")

    assert proofs(tmp_path, scenario)["breaker/opens"].verdicts == {"CB-001": Verdict.INCONCLUSIVE}


def test_verdicts_come_from_the_files_that_are_named(tmp_path: Path) -> None:
    """What pytest kept and what a session reported; nothing else that lies beside them."""
    test = "tests/test_it.py::test_one"
    keep_verdicts(tmp_path / "runs/pytest", {(test, "CB-001"): Verdict.FAILED})
    report(tmp_path, "breaker/opens", "2026-01-01T00:00:00+00:00", "PASSED", "INCONCLUSIVE")
    kept, of_session = tmp_path / "runs/pytest/claims.json", tmp_path / "runs/2026/report.json"

    assert verdicts_in([]) == Verdicts()
    assert verdicts_in([kept, of_session]) == Verdicts(
        scenarios={"breaker/opens": Verdict.INCONCLUSIVE}, tests={test: {"CB-001": "FAILED"}}
    )


@pytest.mark.parametrize("text", [None, "", "[]", "17", '{"a": 1}', '{"a": {"CB-001": "green"}}', '{"runs": [{}]}'])
def test_a_file_without_verdicts_is_refused(tmp_path: Path, text: str | None) -> None:
    """One that is not there would otherwise prove just as much as one that says PASSED."""
    file = tmp_path / "claims.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError, match=r"claims\.json has no verdicts that can be read .* name the claims\.json"):
        verdicts_in([file])


def test_no_claims_are_told(tmp_path: Path) -> None:
    """An empty folder is no specification that holds."""
    (tmp_path / "scenarios/claims").mkdir(parents=True)

    with pytest.raises(UsageError, match=r"no claims in scenarios/claims"):
        load_specification(tmp_path, Settings(), Catalog(entries={}, broken={}))
