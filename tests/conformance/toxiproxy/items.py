"""Which items the contract has, and why some of them have no test."""

from __future__ import annotations

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
