"""Text that came from an application does no harm in any report."""

from __future__ import annotations

import io
import re
import sys
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from harness.files.printable import printable
from harness.reports.text import (
    code,
    code_block,
    cut,
    duration,
    github_command,
    markdown,
    one_line,
    plain,
    plural,
)


def test_every_character_is_safe_in_xml_and_can_be_encoded() -> None:
    """XML 1.0 refuses most control characters even when they are escaped; half surrogate pairs cannot be encoded."""
    element = ET.Element("x")
    element.text = printable("".join(map(chr, range(sys.maxunicode + 1))))

    back = ET.fromstring(ET.tostring(element, encoding="utf-8"))  # noqa: S314 - our own

    assert back.text == element.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", element.text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x07\x00", r"\x1b[31mred\x07\x00"),
        ("a\r\nb\tc", "a\\r\nb\tc"),
        ("user\N{RIGHT-TO-LEFT OVERRIDE}nimda", r"user\u202enimda"),
        ("\ud800", r"\ud800"),
        (
            "12\N{NARROW NO-BREAK SPACE}€ für Zoë, \N{PILE OF POO}",
            "12\N{NARROW NO-BREAK SPACE}€ für Zoë, \N{PILE OF POO}",
        ),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    """Each as its escape; what people write stays as it is."""
    assert printable(text) == shown


def test_a_long_text_is_cut_and_says_by_how_much() -> None:
    """And a short one is not."""
    assert cut("x" * 12, 10) == f"{'x' * 10}… (2 more characters)"
    assert cut("x" * 10, 10) == "x" * 10
    assert one_line("a\n  b\x01\n") == r"a b\x01"


@pytest.mark.parametrize(
    ("count", "noun", "nouns", "text"),
    [
        (0, "call", "", "0 calls"),
        (1, "call", "", "1 call"),
        (2, "call", "", "2 calls"),
        (2, "history", "histories", "2 histories"),
    ],
)
def test_plurals_agree(count: int, noun: str, nouns: str, text: str) -> None:
    """Zero is plural."""
    assert plural(count, noun, nouns) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.25, "0.25 s"), (12.5, "12.5 s"), (59.99, "60.0 s"), (187, "3 min 7 s"), (7500, "2 h 5 min"), (0, "0.00 s")],
)
def test_durations(seconds: float, text: str) -> None:
    """In the units that fit."""
    assert duration(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize(
    "attack",
    [
        "it broke.\n::set-output name=x::y",
        "it broke.\n\t\N{NO-BREAK SPACE} ::add-mask::y",
        "it broke. ##[set-env name=PATH]y",
        "it broke.\r::stop-commands::y",
        "##vso[task.setvariable variable=x]y",
        "##teamcity[buildStatus status='SUCCESS']",
    ],
)
def test_no_text_gives_a_command_to_the_ci_system(attack: str) -> None:
    """CI systems look for commands in what a job prints, and trim the spaces before them."""
    out = io.StringIO()
    Console(file=out, width=200, highlight=False).print(f"  {plain(attack)}", emoji=False)

    for line in out.getvalue().splitlines():
        assert not line.lstrip().startswith("::")
        assert not re.search(r"##\w*\[", line)


def test_paths_of_rust_and_of_python_stay_as_they_are() -> None:
    """Two colons inside a word are no command."""
    assert (
        plain("temporal_sdk::worker and tests/test_x.py::test_y") == "temporal_sdk::worker and tests/test_x.py::test_y"
    )


def test_a_terminal_gets_no_markup_and_no_control_sequence() -> None:
    """Neither rich's markup nor the terminal's own."""
    out = io.StringIO()
    Console(file=out, width=200, force_terminal=True, color_system=None).print(
        plain("[/red] [bold]x[/bold] \\[z] \x1b]0;evil\x07"), emoji=False, highlight=False
    )

    assert out.getvalue() == "[/red] [bold]x[/bold] \\[z] \\x1b]0;evil\\x07\n"


def test_a_github_command_is_one_line() -> None:
    """Its values end neither it nor their property."""
    command = github_command("error", "100 %\n::warning::no", file="a,b:c.py", line=7)

    assert command == "::error file=a%2Cb%3Ac.py,line=7::100 %25%0A::warning::no"
    assert github_command("notice", "x") == "::notice::x"


def test_markdown_is_text() -> None:
    """Tables, tags, code, links and emphasis in a payload are characters; a name with underscores stays legible."""
    line = markdown("# a | <b> `c` [d](e) ![f](g) __init__ **h** flights_book 2 * 3\n- x")

    assert line == (
        r"# a &#124; &lt;b&gt; &#96;c&#96; [d]&#40;e) ![f]&#40;g) \__init\__ \**h\** flights_book 2 * 3 - x"
    )


def test_a_block_of_code_cannot_be_ended_from_inside() -> None:
    """Its fence is longer than any in it."""
    assert code_block(["a", "```", "b\x00"]) == "````text\na\n```\nb\\x00\n````"
    assert code_block(["a"]) == "```text\na\n```"
    assert code("harness run 'saga/<b>'\n") == "`harness run 'saga/<b>'`"
    assert code("a `b` c") == "`` a `b` c ``"
