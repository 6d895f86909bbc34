"""JSON bodies are read and written as Toxiproxy's own server reads and writes them (TX-008, TX-010).

Clients of Toxiproxy exist in many languages and some lean on what Go's decoder lets through: keys in any case, unknown
keys, text behind the first value, `null` for "leave it as it is". Python's decoder is used underneath, and this
module adds the differences.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Mapping
from typing import Any, NoReturn

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1

_SPACE = re.compile(r"[ \t\r\n]*")
_UNFINISHED_WORD = re.compile(r"-|t|tr|tru|f|fa|fal|fals|n|nu|nul")
_ESCAPED = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026", "\u2028": r"\u2028", "\u2029": r"\u2029"})
_KINDS = {dict: "object", list: "array", str: "string", bool: "bool", int: "number", float: "number"}


class BadBody(ValueError):  # noqa: N818 - it names what came, as the answer does
    """A request body that is no JSON, or JSON of the wrong shape. Its text is the part after `bad request body: `."""


def _not_in_json(word: str) -> NoReturn:
    raise BadBody(f"invalid character {word[0]!r} looking for beginning of value")


_DECODER = json.JSONDecoder(parse_constant=_not_in_json)


def decode(body: bytes) -> Any:
    """Read the first JSON value of a body; what follows it is ignored.

    Raises:
        BadBody: The body is empty, cut short, or no JSON.
    """
    text = body.decode("utf-8", "replace")
    blank = _SPACE.match(text)
    start = blank.end() if blank else 0
    if start == len(text):
        raise BadBody("EOF")
    try:
        value, _ = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        rest = text[error.pos :].rstrip(" \t\r\n")
        if not rest or error.msg.startswith("Unterminated string") or _UNFINISHED_WORD.fullmatch(rest):
            raise BadBody("unexpected EOF") from error
        raise BadBody(f"invalid character {rest[0]!r} in the body") from error
    except (RecursionError, ValueError) as error:
        # ValueError that is no JSONDecodeError: an integer of more digits than Python converts.
        raise BadBody(error.args[0] if isinstance(error, BadBody) else "exceeded what can be read") from error
    return value


def encode(value: Any) -> bytes:
    """Write a value without spaces, as UTF-8, with the five characters escaped that Go escapes for HTML's sake."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return text.encode("utf-8", "replace")


class Fields:
    """The keys of one JSON object, found in any case; `null` counts as absent.

    Args:
        value: A decoded JSON value.

    Raises:
        BadBody: The value is neither an object nor null.
    """

    def __init__(self, value: Any) -> None:
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise BadBody(f"json: cannot unmarshal {_KINDS[type(value)]} into an object")
        self._values: Mapping[str, Any] = {key.lower(): given for key, given in value.items() if given is not None}

    def text(self, key: str, default: str) -> str:
        """Return a string.

        Raises:
            BadBody: Another type was given.
        """
        given = self._values.get(key, default)
        if not isinstance(given, str):
            raise self._wrong(key, given, "string")
        # A lone surrogate escape is legal JSON and no legal text: replaced, as Go does.
        return given.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def truth(self, key: str, *, default: bool) -> bool:
        """Return a boolean.

        Raises:
            BadBody: Another type was given.
        """
        given = self._values.get(key, default)
        if not isinstance(given, bool):
            raise self._wrong(key, given, "bool")
        return given

    def integer(self, key: str, default: int) -> int:
        """Return an integer of 64 bits; 5.0 and 1e3 are none (TX-065).

        Raises:
            BadBody: Another type was given, or more than 64 bits.
        """
        given = self._values.get(key, default)
        if isinstance(given, bool) or not isinstance(given, int) or not INT64_MIN <= given <= INT64_MAX:
            raise self._wrong(key, given, "int64")
        return given

    def float32(self, key: str, default: float) -> float:
        """Return a number of single precision (TX-066), as the shortest decimal that stands for it.

        Raises:
            BadBody: Another type was given, or more than single precision can hold.
        """
        given = self._values.get(key, default)
        if isinstance(given, bool) or not isinstance(given, int | float) or given in {math.inf, -math.inf}:
            raise self._wrong(key, given, "float32")
        try:
            stored = struct.pack("<f", given)
        except (OverflowError, struct.error) as error:
            raise self._wrong(key, given, "float32") from error
        single: float = struct.unpack("<f", stored)[0]
        # Nine digits tell any two single precision numbers apart.
        shortest = next(
            short for digits in range(1, 10) if struct.pack("<f", short := float(f"{single:.{digits}g}")) == stored
        )
        return int(shortest) if shortest.is_integer() else shortest

    def any(self, key: str) -> Any:
        """Return the value as it came, None when it is absent."""
        return self._values.get(key)

    def _wrong(self, key: str, given: Any, wanted: str) -> BadBody:
        kind = _KINDS[type(given)]
        what = f"number {given}"[:60] if kind == "number" else kind
        return BadBody(f"json: cannot unmarshal {what} into field {key} of type {wanted}")
