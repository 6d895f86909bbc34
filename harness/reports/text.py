"""Text for every report: JUnit XML, Markdown, HTML, the terminal and the logs of CI systems.

Titles, details and payloads come from applications and may hold anything. `harness.files.printable` makes them safe for
all of these forms at once; the other functions add what one form needs besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta

from harness.files.printable import printable, without_commands
from harness.redaction.active import active
from harness.verdict import Verdict

COLOUR = {Verdict.PASSED: "green", Verdict.INCONCLUSIVE: "yellow", Verdict.FAILED: "red"}
"""Of each verdict on a terminal."""

TITLE = 300
"""How many characters of a title or of a value are shown."""

MARGIN = 5_000
"""How far behind a cut secrets are looked for."""

DETAIL = 20_000
"""How many characters of a finding's detail are shown. The run folder has all of it."""

_EMPHASIS = re.compile(r"(?<!\w)([_*~]+)(?=\S)|(?<=\S)([_*~]+)(?!\w)")


def cut(text: str, longest: int = TITLE) -> str:
    """Return a readable text, cut to a bound: its beginning, and how many characters were left out."""
    more = len(text) - longest
    if more <= 0:
        return printable(text)
    # A secret is found before it is cut in two.
    shown = active().text(text[: longest + MARGIN])[:longest]
    return f"{printable(shown)}… ({plural(more, 'more character')})"


def one_line(text: str, longest: int = TITLE) -> str:
    """Return a readable text on one line, cut to a bound."""
    return cut(" ".join(text.split()), longest)


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return a count and its noun: "1 call", "2 calls". `nouns` is the plural where it is not the noun with an s."""
    return f"{count} {noun if count == 1 else nouns or f'{noun}s'}"


def duration(took: timedelta) -> str:
    """Return a duration as people say it: "0.25 s", "12.5 s", "3 min 7 s", "2 h 5 min"."""
    seconds = took.total_seconds()
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {seconds} s"


def plain(text: str) -> str:
    """Return readable text for a rich console: without markup, and without a command to the CI system that logs it."""
    from rich.markup import escape  # noqa: PLC0415 - [server] brings it, and with it what prints to such a console

    return escape(without_commands(text))


def github_command(name: str, message: str, **properties: str | int) -> str:
    """Return one of GitHub's workflow commands, on one line."""
    given = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{f' {given}' if given else ''}::{_data(printable(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")


def markdown(text: str, longest: int = TITLE) -> str:
    """Return text as one line of Markdown: no table, tag, code, link or emphasis comes out of it."""
    line = without_commands(one_line(text, longest))
    for mark, instead in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("`", "&#96;")):
        line = line.replace(mark, instead)
    return _EMPHASIS.sub(r"\\\g<0>", line).replace("](", "]&#40;")


def code(text: str) -> str:
    """Return a name, path or command as code on a line of Markdown."""
    line = " ".join(without_commands(text).split())
    fence = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    space = " " if "`" in line else ""
    return f"{fence}{space}{line}{space}{fence}"


def code_block(lines: Iterable[str]) -> str:
    """Return lines as a block of code in Markdown, which none of them can end."""
    text = without_commands("\n".join(lines))
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"
