"""Makes further ids of the kind of an example: of the same length and the same kinds of characters."""

from __future__ import annotations

import string
from typing import Any
from uuid import UUID

_KINDS = (string.digits, string.ascii_lowercase, string.ascii_uppercase)


def new_id(example: Any, number: int) -> Any:
    """Return the id with a number; the first is the example itself.

    Args:
        example: The id of the contract's example, such as "pay_1", 7 or a UUID.
        number: Which one, from 1.
    """
    if isinstance(example, int):
        return example + number - 1
    text = str(example)
    try:
        uuid = UUID(text)
    except ValueError:
        return _counted_on(text, number - 1)
    return str(UUID(int=(uuid.int + number - 1) % 2**128)) if str(uuid) == text.lower() else text


def _counted_on(text: str, more: int) -> str:
    """Count on as an odometer does, from the last character back to the first that is neither letter nor digit."""
    characters = list(text)
    place = len(characters) - 1
    while more and place >= 0:
        wheel = next((one for one in _KINDS if characters[place] in one), "")
        if not wheel:
            break
        more += wheel.index(characters[place])
        characters[place] = wheel[more % len(wheel)]
        more //= len(wheel)
        place -= 1
    return "".join(characters) + (str(more) if more else "")
