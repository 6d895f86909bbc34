"""This project's specification is whole: what can be tested has a proof, and the page says what the data do."""

from __future__ import annotations

from pathlib import Path

from harness.catalog import load_catalog
from harness.reports.claims import page
from harness.settings import find_project
from harness.specification.proofs import load_specification

ROOT, SETTINGS = find_project(Path(__file__).parent)
SPECIFICATION = load_specification(ROOT, SETTINGS, load_catalog(ROOT, SETTINGS))
PAGE = ROOT / "docs" / "explanation" / "what-the-guides-get-wrong.md"


def test_every_claim_that_can_be_tested_has_a_proof() -> None:
    """A scenario, or a test that is marked with it; whether those hold is what they are run for."""
    assert SPECIFICATION.unproven == []


def test_no_proof_is_of_a_claim_that_there_is_not() -> None:
    """A mistyped id would prove nothing, in silence."""
    assert SPECIFICATION.unknown == []


def test_the_page_says_what_the_data_say() -> None:
    """`harness claims --page docs/explanation/what-the-guides-get-wrong.md` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page(SPECIFICATION, root=ROOT, at=PAGE)
