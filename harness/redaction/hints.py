"""Hints that a text may hold a secret: most texts have none, and need no closer look."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import AnyStr, Generic


def _after(word: str, *before: str) -> str:
    """Return the expression of a word after one of some others. It begins with the word, which makes it fast."""
    return f"{word}(?:{'|'.join(f'(?<={one}{word})|(?<={one}[-_. ]{word})' for one in before)})"


# What every secret of the defaults has in it or beside it, and where that is not enough, the expression that it is in.
_FOLDED = {
    **dict.fromkeys(("authorization", "cookie", "secret", "pwd", "jwt", "credential", "card", "cvc", "cvv"), ""),
    **dict.fromkeys(("bearer", "basic"), ""),
    "pass": r"pass[-_. ]?(?:w|phrase)",
    "key": _after("key", "api", "access", "private"),
    "token": _after("token", "access", "auth", "refresh", "session", "id", "csrf"),
}
_AS_WRITTEN = {
    **dict.fromkeys(("eyJ", "AKIA", "ASIA", "k_live_", "k_test_", "ghp_", "gho_", "ghu_", "ghs_", "ghr_"), ""),
    "xox": r"xox[abprs]-",
    "://": r"://[^\s/:@]*:[^\s/@]+@",
}
_DIGITS = r"[2-6]\d{3}(?:\d{9}|[ -]\d{4}[ -]\d{4}[ -])|3\d{3}[ -]\d{6}[ -]"


class Hints(Generic[AnyStr]):
    """Looks for hints in texts, or in bytes: word by word, which is ten times as fast as one expression for all.

    Args:
        form: How the words are written.
        folded: Makes upper case no difference.
    """

    def __init__(self, form: Callable[[str], AnyStr], folded: Callable[[AnyStr], AnyStr]) -> None:
        self._fold: Callable[[AnyStr], AnyStr] = folded
        self._folded: list[tuple[AnyStr, re.Pattern[AnyStr]]] = [
            (form(word), re.compile(form(more or word))) for word, more in _FOLDED.items()
        ]
        self._as_written: list[tuple[AnyStr, re.Pattern[AnyStr]]] = [
            (form(word), re.compile(form(more or word))) for word, more in _AS_WRITTEN.items()
        ]
        self._digits: re.Pattern[AnyStr] = re.compile(form(_DIGITS))

    def any_in(self, text: AnyStr) -> bool:
        """Whether there is one."""
        folded = self._fold(text)
        for word, expression in self._folded:
            # The expression alone would be slower where the word is rare.
            if word in folded and expression.search(folded):
                return True
        for word, expression in self._as_written:
            if word in text and expression.search(text):
                return True
        return self._digits.search(text) is not None


HINTS = Hints[str](str, str.casefold)
HINTS_IN_BYTES = Hints[bytes](str.encode, bytes.lower)
"""Those of the default rules."""
