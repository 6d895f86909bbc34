"""Which items the contract has, and why some of them have no test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

ITEMS = (
    *(f"TX-{number:03}" for number in range(1, 13)),
    *(f"TX-{number:03}" for number in (*range(20, 36), *range(40, 48), 50, 51)),
    *(f"TX-{number:03}" for number in (*range(60, 95), *range(100, 109))),
    *(f"TX-{number:03}" for number in (120, 121, 130, 131)),
)
# Numbers the contract does not use.
UNUSED = {"TX-083", "TX-084"}
UNTESTED = {
    "TX-011": "no handler of ours takes 25 s, the real one's only when it hangs; the unit tests of http have the 503",
    "TX-131": "a real server's crashes are not reproduced; that ours refuses what causes them is TX-087, 090 and 106",
}

# The decorators of a test, over as many lines as they take, and its name.
_MARKED = r"((?:^@.*\n(?:[ )\]].*\n)*)+)(?:async )?def (test_\w+)"


def coverage() -> Mapping[str, list[str]]:
    """Return, for each item, the tests that say in `pytest.mark.tx` that they are about it."""
    found: dict[str, list[str]] = {item: [] for item in ITEMS}
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        text = file.read_text(encoding="utf-8")
        for decorators, name in re.findall(_MARKED, text, re.MULTILINE):
            for mark in re.findall(r"mark\.tx\(([^)]*)\)", decorators):
                for item in re.findall(r"TX-\d{3}", mark):
                    found.setdefault(item, []).append(f"{file.stem}::{name}")
    return found


if __name__ == "__main__":
    for item, tests in coverage().items():
        if item not in UNUSED:
            print(f"| {item} | {UNTESTED.get(item, ', '.join(tests))} |")  # noqa: T201 - a table for the documentation
