"""The page on Toxiproxy says which test holds which item of the contract, and says it as it is."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.toxiproxy.coverage import table

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "toxiproxy.md"


def test_the_table_is_up_to_date() -> None:
    """`python -m tests.conformance.toxiproxy.coverage` prints what the page has to show."""
    assert PAGE.read_text(encoding="utf-8").endswith(f"\n{table()}\n")
