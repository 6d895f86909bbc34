"""The seed of a workflow's randomness: SipHash-1-3 of its run id, as in the SDK's core.

A replay by the SDK computes it again, so it has to be the same.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1


def random_seed(run_id: str) -> int:
    """Return the seed of a run."""
    # Rust ends a text that it hashes with that byte.
    data = run_id.encode() + b"\xff"
    v0, v1, v2, v3 = 0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573

    def mix() -> None:
        nonlocal v0, v1, v2, v3
        v0 = (v0 + v1) & _MASK
        v1 = _turned(v1, 13) ^ v0
        v0 = _turned(v0, 32)
        v2 = (v2 + v3) & _MASK
        v3 = _turned(v3, 16) ^ v2
        v0 = (v0 + v3) & _MASK
        v3 = _turned(v3, 21) ^ v0
        v2 = (v2 + v1) & _MASK
        v1 = _turned(v1, 17) ^ v2
        v2 = _turned(v2, 32)

    whole = len(data) - len(data) % 8
    last = int.from_bytes(data[whole:], "little") | (len(data) & 0xFF) << 56
    for word in (*(int.from_bytes(data[at : at + 8], "little") for at in range(0, whole, 8)), last):
        v3 ^= word
        mix()
        v0 ^= word
    v2 ^= 0xFF
    for _ in range(3):
        mix()
    return v0 ^ v1 ^ v2 ^ v3


def _turned(value: int, by: int) -> int:
    return ((value << by) | (value >> (64 - by))) & _MASK
