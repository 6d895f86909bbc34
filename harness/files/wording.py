"""Numbers and values in sentences: plurals agree, and long values are cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sized
from typing import Any

LONGEST = 100
"""How many characters of a value a sentence shows."""

MOST = 3
"""How many items of a list a sentence shows."""


MASKED = 300
"""How many characters of a text are read for what it says; the values behind them are masked anyway."""

_QUOTED = re.compile(r"""(?<!\w)(?:'[^']*'|"[^"]*")(?!\w)""")
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}|\([^()]*\)")
_WITH_A_DIGIT = re.compile(r"[^\s,;]*\d[^\s,;]*")
_UNKNOWN = "…"


def counted(number: int, thing: str, things: str = "") -> str:
    """Return "1 call" or "2 calls".

    Args:
        number: How many.
        thing: The noun for one.
        things: The noun for several, where it is not the first with an "s".
    """
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def times(number: int) -> str:
    """Return "once", "twice" or "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def short(value: Any, longest: int = LONGEST) -> str:
    """Return a value as Python writes it, cut to a bound."""
    return cut(repr(value), longest)


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text, cut to a bound."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def around_difference(one: str, other: str, longest: int = LONGEST) -> tuple[str, str]:
    """Return two texts, each cut to a bound around the place from which on they differ."""
    pairs = zip(one, other, strict=False)
    place = next((nth for nth, (first, second) in enumerate(pairs) if first != second), min(len(one), len(other)))
    from_ = 0 if max(len(one), len(other)) <= longest else max(0, place - longest // 2)
    start = "…" if from_ else ""
    return start + cut(one[from_:], longest), start + cut(other[from_:], longest)


def masked(text: str) -> str:
    """Return a text without its values: what is quoted, in brackets, or has a digit in it."""
    # Of a text that holds a payload of megabytes, what is shown.
    text = _QUOTED.sub(_UNKNOWN, text[:MASKED])
    while (shorter := _BRACKETED.sub(_UNKNOWN, text)) != text:
        text = shorter
    return _WITH_A_DIGIT.sub(_UNKNOWN, text)


def listed(items: Iterable[str], most: int = MOST) -> str:
    """Return "a, b, c and 4 more"; "none" for no items."""
    shown = [*items]
    more = f" and {len(shown) - most} more" if len(shown) > most else ""
    return f"{', '.join(cut(one) for one in shown[:most])}{more}" or "none"


def and_more(items: Sized) -> str:
    """Return " (and 2 more)" behind the first of several items, "" behind the only one."""
    return f" (and {len(items) - 1} more)" if len(items) > 1 else ""
