"""A specification as a person reads it."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

from rich.console import Console

from harness.reports.claims import page, print_claims
from harness.specification.claims import Proof, Specification
from harness.verdict import Verdict
from tests.unit.specification.test_claims import specification

OPENS = Proof(
    name="breaker/opens",
    claims=("CB-001",),
    path=Path("scenarios/breaker/opens.py"),
    verdicts={"CB-001": Verdict.PASSED},
)


def printed(told: Specification, *, brief: bool = False) -> str:
    """Return what a terminal of 100 columns shows."""
    console = Console(file=StringIO(), width=100)
    print_claims(console, told, brief=brief)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_claim_proof_and_verdict_are_in_a_line(tmp_path: Path) -> None:
    """Each claim with its standing, what its proof said, and which that is."""
    lines = printed(specification(tmp_path, OPENS)).splitlines()

    (line,) = [one for one in lines if "CB-001" in one]
    assert line.split() == ["CB-001", "holds", "PASSED", "breaker/opens"]


def test_what_is_wrong_is_explained(tmp_path: Path) -> None:
    """A corrected claim is marked, and says what is said and what is true; briefly, it is only marked."""
    told = specification(tmp_path, OPENS)

    assert "! CB-002" in " ".join(printed(told).split())
    assert "claim: It is shared." in printed(told)
    assert "true: Each workflow has its own." in printed(told)
    assert "It is shared." not in printed(told, brief=True)


def test_what_lacks_a_proof_is_told(tmp_path: Path) -> None:
    """At the claim, and at the end; advice needs none."""
    text = printed(specification(tmp_path, OPENS))

    assert "no proof" in text
    assert text.splitlines()[-1] == "without proof: CB-002"
    assert "3 claims: 1 holds, 0 imprecise, 1 corrected, 1 not-testable" in text
    assert "last verdicts: 1 PASSED, 1 not run" in text


def test_the_page_tells_what_is_true(tmp_path: Path) -> None:
    """Only what does not hold as it is said, with a link to what shows it."""
    shared = replace(OPENS, name="breaker/apart", claims=("CB-002",), path=Path("scenarios/breaker/apart.py"))
    text = page(specification(tmp_path, OPENS, shared), root=tmp_path, at=tmp_path / "docs" / "page.md")

    assert "### CB-002, corrected" in text
    assert "**True:** Each workflow has its own." in text
    assert "[breaker/apart](../scenarios/breaker/apart.py)" in text
    assert "CB-001" not in text
