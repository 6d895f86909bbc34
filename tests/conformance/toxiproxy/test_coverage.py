"""Every item of the contract has a test, or a reason why it has none."""

from __future__ import annotations

from tests.conformance.toxiproxy.items import ITEMS, UNTESTED, UNUSED, coverage


def test_every_item() -> None:
    """Tests name the items they are about, and items that exist."""
    tested = {item for item, tests in coverage().items() if tests}

    assert tested == set(ITEMS) - UNUSED - set(UNTESTED)
