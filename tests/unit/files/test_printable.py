"""Text on its way to a terminal or a log."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from harness.files.printable import json_text, printable, say, without_commands

HARNESS = Path(__file__).parents[3] / "harness"


@pytest.mark.parametrize("character", ["\x1b", "\a", "\0", "\r", "\b", "\x9b", "\N{RIGHT-TO-LEFT OVERRIDE}", "\ud800"])
def test_control_characters_are_visible(character: str) -> None:
    """They do nothing to a terminal any more."""
    shown = printable(f"a{character}b")

    assert character not in shown
    assert shown.startswith("a\\")
    assert shown.encode()


@pytest.mark.parametrize(
    "text",
    [
        "::set-output name=x::y",
        "lost\n::error::no",
        "lost\n   ::add-mask::x",
        "seen ##[error]x",
        "##vso[task.setvariable variable=x]y",
        "##teamcity[buildStatus]",
    ],
)
def test_no_line_is_a_command(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """GitHub reads `::` at the beginning of a line, and `##[` anywhere."""
    say(text)
    printed = capsys.readouterr().out

    assert printed == without_commands(text) + "\n"
    assert not any(line.lstrip().startswith("::") for line in printed.splitlines())
    assert "##[" not in printed
    assert "##vso" not in printed
    assert "##teamcity" not in printed


def test_a_style_is_the_only_escape(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed in bold cannot end it."""
    say("a\x1b[0mb", bold=True)

    assert "\\x1b[0m" in capsys.readouterr().out


def test_a_mark_alone_has_the_style(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither it nor what comes after it can be a command."""
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    say(" ::error::x", mark="FAILED", fg="red")

    assert capsys.readouterr().out == "\x1b[31mFAILED\x1b[0m :\\:error::x\n"


def test_json_stays_what_it_is() -> None:
    """And has no command in it."""
    data = {"a": "##[error]x\n::error::y\x1b"}

    assert json.loads(json_text(data)) == data
    assert "##" not in json_text(data)
    assert "\x1b" not in json_text(data)


def test_nothing_else_prints() -> None:
    """`click.echo` takes text as it is, so only `say` itself may call it, and what prints JSON."""
    found = set()
    for file in HARNESS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"click.echo", "click.secho"}:
                json_ = ast.unparse(node.args[0]).startswith("text_of(")
                found |= set() if json_ else {file.relative_to(HARNESS).as_posix()}

    assert found == {"files/printable.py"}
