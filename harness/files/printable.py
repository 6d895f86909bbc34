r"""The one way in which text gets to a terminal, into the log of a CI system, or into Markdown.

Titles, payloads and errors come from applications and may hold anything. `printable` makes control characters
visible and replaces secrets; `say` prints a line that no CI system takes for a command.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

import click

from harness.redaction.active import active

# Invisible, but parts of words in Arabic, in Indic scripts and in emoji.
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"

# GitHub obeys `::name::` at the beginning of a line, spaces before it or not, and `##[name]` anywhere in a line;
# Azure Pipelines and TeamCity obey `##vso[…]` and `##teamcity[…]`.
_COMMAND = re.compile(r"(?<!\S)::(?=\w)|##(?=\w*\[)")


def printable(text: str) -> str:
    r"""Return text in which secrets are replaced and control characters visible: "\x1b" as four characters.

    Newlines and tabs stay. What is left can be carried by XML 1.0 and does nothing to a terminal; the direction of
    text cannot be reversed by it, and half surrogate pairs can be encoded.
    """
    text = active().text(text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if _harmless(one) else one.encode("unicode_escape").decode("ascii") for one in text)


def _harmless(character: str) -> bool:
    if character.isprintable() or character in "\n\t":
        return True
    # Spaces of other widths, and letters and symbols that this Python's Unicode tables do not know yet.
    return unicodedata.category(character) == "Zs" or character in _JOINERS


def without_commands(text: str) -> str:
    """Return printable text in which no CI system finds a command."""
    return _COMMAND.sub(lambda found: "\\".join(found[0]), printable(text))


def json_text(data: Any) -> str:
    """Return data as JSON over several lines, without secrets, in which no CI system finds a command."""
    return json.dumps(active().value(data), indent=2).replace("##", "#\\u0023")


def say(text: str = "", *, mark: str = "", err: bool = False, **style: Any) -> None:
    """Print text for a person, on standard output or standard error.

    Args:
        text: Any text, of several lines perhaps.
        mark: What comes first; with one, it alone has the style.
        err: Whether it goes to standard error.
        style: As for `click.style`: bold, fg.
    """
    line = without_commands(f"{mark}{text}")
    first = len(without_commands(mark)) if mark else len(line)
    click.echo(f"{click.style(line[:first], **style)}{line[first:]}" if style else line, err=err)
