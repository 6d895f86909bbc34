"""What is a secret: the table `[tool.harness.redact]`, its defaults, and the names and texts that they match."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from harness.redaction.hints import HINTS, HINTS_IN_BYTES

NAMES = (
    "*authorization",
    "cookie",
    "set-cookie",
    "*api-key",
    "*apikey-*",
    "*access-key",
    "*secret-key",
    "*private-key",
    "*secret",
    "*password",
    "*passwd",
    "*passphrase",
    "pwd",
    "*access-token",
    "*auth-token",
    "*refresh-token",
    "*session-token",
    "*id-token",
    "*csrf-token",
    "jwt",
    "credential",
    "credentials",
    "*card-number",
    "credit-card",
    "cvv",
    "cvv2",
    "cvc",
)
"""Names of headers and fields that hold secrets, as globs; upper case, "-", "_", "." and blanks make no difference."""

PATTERNS = (
    # Bearer and basic credentials. A digit tells them from words.
    r"\b(?i:bearer|basic)\s+(?=[^\s\"',;]*\d)([A-Za-z0-9._~+/\-]{8,}=*)",
    # JSON web tokens.
    r"\beyJ[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-]{5,}\.[A-Za-z0-9_\-]*",
    # Keys of Amazon, Stripe, GitHub and Slack.
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\b[rs]k_(?:live|test)_[0-9A-Za-z]{10,}",
    r"\bgh[pousr]_[0-9A-Za-z]{30,}",
    r"\bxox[abprs]-[0-9A-Za-z\-]{10,}",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,20000}?-----END [A-Z ]*PRIVATE KEY-----",
    # The password of a URL.
    r"://[^\s/:@]*:([^\s/@]+)@",
)
"""Texts that are secrets wherever they are. Of an expression with a group, the group is the secret."""

_CARD = re.compile(
    r"(?<![0-9A-Za-z.])(?:[2-6]\d{12,18}|[2-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d{4}|3\d{3}[ -]\d{6}[ -]\d{5})(?![0-9A-Za-z])"
)

# `password=x`, `"password": "x"`, the same escaped inside JSON, `--password x`, and a Python repr.
_NAMED = re.compile(
    r"""(?<![A-Za-z_])(?P<name>[A-Za-z][\w.\-]{1,60}+)
        (?:\\*["'])?[ \t]*[:=][ \t]*
        (?P<value>
            \\{0,16}"(?:[^"\\]|\\.){0,20000}?\\{0,16}"
          | \\{0,16}'(?:[^'\\]|\\.){0,20000}?\\{0,16}'
          | \\*["'][^"'\r\n]*…
          | (?i:(?:bearer|basic|digest|token)\s+)[^\s"',;&}\])]+
          | [^\s"',;&}\])\[{(]+
        )""",
    re.VERBOSE,
)
_OPTION = re.compile(r"(?<!\S)--(?P<name>[A-Za-z][\w\-]{1,60})\s+(?P<value>[^\s\"'-][^\s\"']*)")
# The whole line behind it is the secret.
_LINE = re.compile(
    r"\b(?P<name>(?i:set-cookie|cookie|(?:proxy-)?authorization))(?:\\*[\"'])?[ \t]*[:=][ \t]*(?P<value>[^\r\n\"']+)"
)
_QUOTES = "\\\"'"


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is not a regular expression: {error}") from error
    if re.fullmatch(text, ""):
        raise ValueError(f"{text!r} matches the empty text, so it matches everywhere")
    return text


class RedactRules(BaseModel):
    """The table `redact`: what is replaced before anything is written.

    Attributes:
        names: Names of headers and fields whose values are secrets, as globs.
        patterns: Regular expressions of texts that are secrets; of one with a group, the group is the secret.
        keep: Names that the others must not match, as globs.
        defaults: Whether the harness's own names and patterns, and card numbers, are secrets, too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: tuple[str, ...] = ()
    patterns: tuple[Annotated[str, AfterValidator(_expression)], ...] = ()
    keep: tuple[str, ...] = ()
    defaults: bool = True

    def __str__(self) -> str:
        own = [
            *([f"names {', '.join(self.names)}"] if self.names else []),
            *([f"patterns {', '.join(self.patterns)}"] if self.patterns else []),
        ]
        kept = [f"kept: {', '.join(self.keep)}"] if self.keep else []
        given = [f"{len(NAMES)} names, {len(PATTERNS)} patterns and card numbers by default"] if self.defaults else []
        return "; ".join((*given, *own, *kept)) or "nothing is redacted"


@dataclass(frozen=True)
class Matcher:
    """Finds secrets by these rules.

    Attributes:
        rules: The rules.
    """

    rules: RedactRules

    @cached_property
    def _names(self) -> re.Pattern[str]:
        return _globs((*(NAMES if self.rules.defaults else ()), *self.rules.names))

    @cached_property
    def _kept(self) -> re.Pattern[str]:
        return _globs(self.rules.keep)

    @cached_property
    def _known(self) -> dict[str, bool]:
        return {}

    def named(self, name: str) -> bool:
        """Whether a header or field of this name holds a secret."""
        if name not in self._known:
            if len(self._known) > 10_000:
                self._known.clear()
            plain = _plain(name)
            self._known[name] = bool(self._names.fullmatch(plain)) and not self._kept.fullmatch(plain)
        return self._known[name]

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(map(re.compile, (*(PATTERNS if self.rules.defaults else ()), *self.rules.patterns)))

    @cached_property
    def _own(self) -> bool:
        return bool(self.rules.names or self.rules.patterns)

    def may_be_in(self, data: bytes) -> bool:
        """Whether some bytes may hold a secret. What is escaped or encoded in them needs a closer look."""
        return self._own or (self.rules.defaults and (b"\\u" in data or HINTS_IN_BYTES.any_in(data)))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where in a text the secrets are."""
        if not self._own and not (self.rules.defaults and HINTS.any_in(text)):
            return
        for pattern in self._patterns:
            for found in pattern.finditer(text):
                start, end = found.span(1 if pattern.groups else 0)
                if end > start:
                    yield start, end
        if self.rules.defaults:
            for found in _CARD.finditer(text):
                if luhn(found[0]):
                    yield found.span()
        if ":" in text or "=" in text:
            yield from self._named_in(_LINE, text)
            yield from self._named_in(_NAMED, text)
        if "--" in text:
            yield from self._named_in(_OPTION, text)

    def _named_in(self, form: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
        at = 0
        while found := form.search(text, at):
            if not self.named(found["name"]):
                # Its value may be the name of the next: `body={"password": …`.
                at = found.end("name")
                continue
            start, end = found.span("value")
            value = found["value"].strip()
            at = end
            start += len(found["value"]) - len(found["value"].lstrip(_QUOTES))
            end -= len(found["value"]) - len(found["value"].rstrip(_QUOTES + " …"))
            if end > start and value not in _NO_SECRET:
                yield start, end


_NO_SECRET = frozenset({"null", "None", "true", "false", "True", "False", '""', "''", "..."})


def _plain(name: str) -> str:
    return re.sub(r"[-_.\s]", "", name).lower()


def _globs(globs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(fnmatch.translate(_plain(one)) for one in globs) or r"(?!)")


def luhn(text: str) -> bool:
    """Whether the digits of a text have the check sum of a card number."""
    digits = [int(one) for one in text if one.isdigit()]
    doubled = (sum(divmod(2 * one, 10)) for one in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
