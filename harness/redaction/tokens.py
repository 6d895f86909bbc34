"""What a secret is replaced by: a value of its kind, made with a key, so that equal values stay equal.

Without the key nobody can try values until one of them makes the same token.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

REDACTED = "redacted:"
"""How a text begins that replaces a secret in a run folder or a report."""

SCRUBBED = "scrubbed:"
"""How a text begins that replaces a value in a recorded history."""

MARKS = (SCRUBBED, REDACTED)

TOKEN = re.compile(rf"(?:{'|'.join(MARKS)})[0-9a-f]{{10,12}}")
"""A text that replaces another one."""

_DURATION = re.compile(r"[-+]?P(?=.)(\d{1,6}[YMWD])*(T(\d{1,6}(\.\d{1,9})?[HMS])+)?")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}"
    r"(?:(?P<mark>[T ])\d{2}:\d{2}(?P<seconds>:\d{2})?(?P<part>\.\d{1,9})?(?P<zone>Z|[-+]\d{2}:?\d{2})?)?"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Tokens:
    """Makes tokens with one key.

    Args:
        key: Returns the key; it is asked for when the first token is made.
        mark: How a text begins that replaces another: REDACTED or SCRUBBED.
        numbers: What a number is replaced by; None for another one, equal for equal ones.
    """

    def __init__(self, key: bytes | Callable[[], bytes], *, mark: str = REDACTED, numbers: int | None = None) -> None:
        self._key = key
        self.mark = mark
        self._numbers = numbers

    @property
    def key_id(self) -> str:
        """What tells this key from others, and says nothing of it."""
        return self._digest("which key", "id")[:16]

    def _digest(self, text: str, kind: str = "") -> str:
        if callable(self._key):
            self._key = self._key()
        return hmac.new(self._key, f"{kind}\0{text}".encode(errors="surrogatepass"), sha256).hexdigest()

    def text(self, value: str) -> str:
        """Return the token of a text; a token stays."""
        return value if TOKEN.fullmatch(value) else self.mark + self._digest(value)[:12]

    def marks(self, value: str) -> bool:
        """Whether `like` replaces this text by one that no other text becomes."""
        return bool(value) and not _DURATION.fullmatch(value) and not _DATE.fullmatch(value)

    def like(self, value: Any) -> Any:
        """Return a value of the same kind: a date for a date, a UUID for a UUID.

        Durations, true, false and null stay.
        """
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            kind = type(value)
            return kind(self._numbers if self._numbers is not None else 10**8 + int(self._digest(repr(value))[:7], 16))
        if not isinstance(value, str):
            return self.text(repr(value))
        if not value or _DURATION.fullmatch(value):
            return value
        if found := _DATE.fullmatch(value):
            return f"1970-01-01{_midnight(found)}"
        return str(UUID(self._digest(value.lower())[:32])) if _UUID.fullmatch(value) else self.text(value)


def _midnight(found: re.Match[str]) -> str:
    if not found["mark"]:
        return ""
    part = re.sub(r"\d", "0", found["part"] or "")
    return f"{found['mark']}00:00{':00' if found['seconds'] else ''}{part}{found['zone'] or ''}"
