"""The services behind a parcel shop: they remember what they did by key, and refuse what was undone before."""

from __future__ import annotations

from collections import defaultdict


class RefusedError(Exception):
    """What was asked for has been undone already."""


class Service:
    """One service: a commit under a known key is answered as the first time, one under an undone key is refused."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._standing: dict[str, str] = {}
        self._undone: set[str] = set()
        self._numbers: dict[str, int] = defaultdict(int)

    def commit(self, key: str) -> str:
        """Do it, once."""
        if key in self._undone:
            raise RefusedError(key)
        if key not in self._standing:
            self._numbers[key] += 1
            self._standing[key] = f"{self.name}-{key}-{self._numbers[key]}"
        return self._standing[key]

    def undo(self, key: str) -> str:
        """Undo it, whether or not it was ever done, and refuse it from now on."""
        self._undone.add(key)
        self._standing.pop(key, None)
        return f"{self.name}-{key}-undone"

    def stands(self, key: str) -> bool:
        """Whether it is done and not undone."""
        return key in self._standing


stock = Service("stock")
bank = Service("bank")
courier = Service("courier")
labels: dict[str, set[int]] = defaultdict(set)
