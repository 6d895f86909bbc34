"""What a fake made from a contract keeps: the things that were created, and the keys of their effects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from harness.services.new_id import new_id

Where = tuple[str, ...]
"""The path of a kind of thing, and the values of the parameters in it."""


class ContractState:
    """The things of one fake.

    Attributes:
        things: Each by where it is.
    """

    def __init__(self) -> None:
        self.things: dict[Where, dict[str, Any]] = {}
        self._keys: dict[Where, str] = {}
        self._numbers: dict[str, dict[str, int]] = {}
        self._removals: Counter[Where] = Counter()

    def clear(self) -> None:
        """Forget everything."""
        self.things.clear()
        self._keys.clear()
        self._numbers.clear()
        self._removals.clear()

    def new_id(self, at: str, once: str, example: Any) -> Any:
        """Return an id for a new thing; the same for the same idempotency key.

        Args:
            at: The path of one of its kind.
            once: The key.
            example: The first id.
        """
        numbers = self._numbers.setdefault(at, {})
        return new_id(example, numbers.setdefault(once, len(numbers) + 1))

    def effect_key(self, where: Where, *, chosen: bool) -> str:
        """Return the key for an effect that creates a thing.

        Args:
            where: Where it will be.
            chosen: Whether the caller chose its id: then it may be there once more after it was removed.
        """
        again = self._removals[where] if chosen else 0
        return f"{'/'.join(where[1:])}~{again + 1}" if again else "/".join(where[1:])

    def keep(self, where: Where, key: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Keep a thing, whose effect has a key; what is known of it is added to."""
        self._keys[where] = key
        kept = self.things.setdefault(where, {})
        kept.update(deepcopy(dict(fields)))
        return kept

    def key_of(self, where: Where) -> str:
        """Return the key of the effect that created a thing, or would have."""
        return self._keys.get(where) or "/".join(where[1:])

    def remove(self, where: Where) -> None:
        """Forget a thing, if it is there."""
        if self.things.pop(where, None) is not None:
            self._removals[where] += 1
