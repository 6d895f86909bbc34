"""Every item of the contract has a test, or a reason why it has none."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conformance.toxiproxy.items import ITEMS, UNTESTED, UNUSED


def test_every_item() -> None:
    """Tests name the items they are about in `pytest.mark.tx`."""
    marked = {
        item
        for file in Path(__file__).parent.glob("test_*.py")
        for mark in re.findall(r"mark\.tx\(([^)]*)\)", file.read_text(encoding="utf-8"))
        for item in re.findall(r"TX-\d{3}", mark)
    }

    assert marked == set(ITEMS) - UNUSED - set(UNTESTED)
