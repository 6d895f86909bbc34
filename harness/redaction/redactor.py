"""Replaces secrets in values and texts.

A value under a name that a rule matches is a secret, and so is a text that a pattern matches. From then on the same
text is a secret wherever it is: in an error, a log line, an answer.
"""

from __future__ import annotations

import base64
import json
import re
from bisect import insort
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any
from urllib.parse import quote

from harness.redaction.key import own_key
from harness.redaction.rules import Matcher, RedactRules
from harness.redaction.tokens import MARKS, TOKEN, Tokens

Path = tuple[str | int, ...]

SHORTEST = 6
"""From which length on a text is a secret wherever it is; shorter ones are parts of other words."""

SEEN = 4
"""How many characters of a secret that was cut are recognised."""

MOST_TOKENS = 10_000
"""How many tokens a record lists."""

MOST = 1000
"""How many secrets are looked for everywhere."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$.\-]{0,79}")


class Redactor:
    """Replaces secrets.

    Args:
        rules: What is a secret.
        tokens: What it is replaced by.
        named: What else is a secret by its name; the name is taken as it is.
        matcher: Finds secrets by these rules; another redactor with the same rules may share it.
    """

    def __init__(
        self,
        rules: RedactRules = RedactRules(),  # noqa: B008 - frozen
        tokens: Tokens | None = None,
        *,
        named: Callable[[str], bool] = lambda _: False,
        matcher: Matcher | None = None,
    ) -> None:
        self.rules = rules
        self.tokens = tokens or Tokens(own_key)
        self.changed = False
        """Whether anything was replaced."""
        self._matcher = matcher or Matcher(rules)
        self._also = named
        self._learned: dict[str, tuple[str, ...]] = {}
        self._forms: list[str] = []
        self._made: set[str] = set()
        self._lock = Lock()

    def fresh(self) -> Redactor:
        """Return another one with the same rules and the same key that has met no secret yet."""
        return Redactor(self.rules, self.tokens, named=self._also, matcher=self._matcher)

    @property
    def learned(self) -> int:
        """How many secrets were met."""
        return len(self._learned)

    def learn(self, secret: str) -> None:
        """Take a text for a secret wherever it is."""
        secret = secret.strip()
        if (
            len(secret) < SHORTEST
            or secret in self._learned
            or TOKEN.search(secret)
            or any(secret in one for one in MARKS)
        ):
            return
        # Log records are redacted in the threads that write them.
        with self._lock:
            if len(self._learned) >= MOST:
                self._forget(next(iter(self._learned)))
            self._learned[secret] = _forms(secret)
            for form in self._learned[secret]:
                # The longest first: it may contain another.
                insort(self._forms, form, key=lambda one: -len(one))

    def _forget(self, secret: str) -> None:
        for form in self._learned.pop(secret):
            self._forms.remove(form)

    @property
    def made(self) -> tuple[str, ...]:
        """What secrets have become."""
        return tuple(sorted(self._made)[:MOST_TOKENS])

    def _token(self, secret: Any, *, like: bool = True) -> Any:
        new = self.tokens.like(secret) if like else self.tokens.text(secret)
        if new != secret:
            self.changed = True
            if not isinstance(secret, str) or self.tokens.marks(secret):
                self._made.add(str(new))
        return new

    def teach(self, other: Redactor) -> None:
        """Have another one know the secrets, too."""
        for one in list(self._learned):
            other.learn(one)

    def named(self, name: str) -> bool:
        """Whether what has this name is a secret."""
        return self._matcher.named(name) or self._also(name)

    def may_be_in(self, data: bytes) -> bool:
        """Whether some bytes may hold a secret; a quick look, which may be wrong in one direction only."""
        return bool(self._learned) or self._matcher.may_be_in(data)

    def text(self, text: str) -> str:
        """Return a text without the secrets in it."""
        if len(text) < 3:
            return text
        spans = sorted(self._matcher.spans(text))
        if spans and any(mark in text for mark in MARKS):
            spans = _without_tokens(spans, text)
        if spans:
            text = self._without(text, spans)
        if not self._learned:
            return text
        for form in self._forms:
            if form in text:
                text = text.replace(form, str(self._token(form)))
        return self._without_cut(text) if "…" in text else text

    def _without_cut(self, text: str) -> str:
        """Replace secrets of which the end was cut off, and "…" stands instead."""
        for place in [found.start() for found in re.finditer("…", text)][::-1]:
            for secret in list(self._learned):
                start = text.rfind(secret[:SEEN], max(0, place - len(secret)), place)
                if start >= 0 and secret.startswith(text[start:place]):
                    text = text[:start] + str(self._token(secret)) + text[place:]
                    break
        return text

    def _without(self, text: str, spans: list[tuple[int, int]]) -> str:
        parts, at = [], 0
        for start, end in _merged(spans):
            secret = text[start:end]
            if secret in self._made:
                continue
            parts += [text[at:start], self._token(secret, like=False)]
            self.learn(secret)
            at = end
        return "".join([*parts, text[at:]])

    def value(self, value: Any, *, whole: bool = False, named: bool = False, found: list[Path] | None = None) -> Any:
        """Return JSON data without the secrets in it.

        Args:
            value: The data.
            whole: Whether all of it is replaced.
            named: Whether all of it is a secret, for its name.
            found: Receives where something was replaced.
        """
        return self._value(value, whole=whole, named=named, at=(), found=[] if found is None else found)

    def _value(self, value: Any, *, whole: bool, named: bool, at: Path, found: list[Path]) -> Any:
        if isinstance(value, Mapping):
            if value.keys() == {"metadata", "data"}:
                return self._payload(value, whole=whole, named=named, at=at, found=found)
            made = {}
            for key, one in value.items():
                new = self._key(key, whole=whole or named, at=at, found=found)
                below = named or (isinstance(key, str) and self.named(key))
                made[new] = self._value(one, whole=whole, named=below, at=(*at, new), found=found)
            return made
        if isinstance(value, list | tuple | set | frozenset):
            items = [
                self._value(one, whole=whole, named=named, at=(*at, number), found=found)
                for number, one in enumerate(value)
            ]
            return tuple(items) if type(value) is tuple else items
        new = self._leaf(value, whole=whole, named=named)
        if new is not value and new != value:
            found.append(at)
        return new

    def _payload(self, value: Any, *, whole: bool, named: bool, at: Path, found: list[Path]) -> Any:
        """Replace the secrets in the JSON form of a payload, whose data are in base64."""
        try:
            if not base64.b64decode(value["metadata"]["encoding"]).startswith(b"json/"):
                return value
            data = json.loads(base64.b64decode(value["data"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return value
        inner: list[Path] = []
        data = self._value(data, whole=whole, named=named, at=(), found=inner)
        if not inner:
            return value
        found.append((*at, "data"))
        return {**value, "data": base64.b64encode(json.dumps(data).encode()).decode()}

    def _leaf(self, value: Any, *, whole: bool, named: bool) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            if named and self.tokens.marks(value):
                self.learn(value)
            if not (whole or named):
                return self.text(value)
        elif isinstance(value, int | float):
            if not (whole or named) and self.text(repr(value)) == repr(value):
                return value
            if named:
                self.learn(repr(value))
        elif isinstance(value, bytes):
            return self.data(value, whole=whole or named)
        else:
            return value
        return self._token(value)

    def _key(self, key: Any, *, whole: bool, at: Path, found: list[Path]) -> Any:
        if not isinstance(key, str):
            return key
        new = self.text(key) if not whole or _IDENTIFIER.fullmatch(key) else str(self._token(key))
        if new != key:
            found.append(at)
        return new

    def data(self, value: bytes, *, whole: bool = False) -> bytes:
        """Return bytes without the secrets in them."""
        if whole:
            return str(self._token(value.decode("latin-1"), like=False)).encode() if value else value
        # As UTF-8 where it is that, else byte by byte.
        try:
            return self.text(value.decode()).encode()
        except UnicodeDecodeError:
            return self.text(value.decode("latin-1")).encode("latin-1", errors="replace")


def _without_tokens(spans: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """What is left of secrets in which there are tokens already: nothing, unless it could be one itself."""
    tokens = [found.span() for found in TOKEN.finditer(text)]
    left = []
    for start, end in spans:
        at, inside = start, False
        for first, last in tokens:
            if first < end and last > start:
                left.append((at, first))
                at, inside = last, True
        left.append((at, end))
        if inside:
            left = [one for one in left if len(text[slice(*one)].strip()) > SHORTEST or one[0] < start]
    return [(start, end) for start, end in left if end > start]


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged = spans[:1]
    for start, end in spans[1:]:
        if start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _forms(secret: str) -> tuple[str, ...]:
    """A secret as it is, and as JSON, URLs and base64 write it."""
    encoded = base64.b64encode(secret.encode(errors="surrogatepass")).decode().rstrip("=")
    forms = (
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        quote(secret, safe="", errors="surrogatepass"),
        repr(secret)[1:-1],
        # The last character depends on what follows.
        *((encoded[:-1],) if len(encoded) > 8 else ()),
    )
    return tuple(dict.fromkeys(forms))
