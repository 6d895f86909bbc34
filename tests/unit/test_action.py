"""The action for GitHub and the hook for pre-commit pass to the command line what it takes."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPT: str = STEPS[0]["run"]


def options(command: str) -> set[str]:
    """Return the options of a command of the harness."""
    declared: click.Command = import_module(f"harness.commands.{command}").command
    return {one for param in declared.params for one in param.opts if one.startswith("--")}


def test_the_action_is_what_github_takes() -> None:
    """A composite action: each step has a shell or an action, each input a text as its default."""
    assert ACTION["runs"]["using"] == "composite"
    assert all(("shell" in one) is ("run" in one) is ("uses" not in one) for one in STEPS)
    assert all(set(one) == {"description", "default"} for one in ACTION["inputs"].values())
    assert all(isinstance(one["default"], str) for one in ACTION["inputs"].values())


def test_every_input_is_used_and_every_use_is_an_input() -> None:
    """As the outputs of the first step are."""
    text = yaml.safe_dump(ACTION["runs"])
    written = set(re.findall(r"""echo "([\w-]+)=""", SCRIPT))
    read = set(re.findall(r"steps\.harness\.outputs\.([\w-]+)", yaml.safe_dump(ACTION)))

    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    assert written == read
    assert set(re.findall(r"\$\{?([A-Z]+)\b", SCRIPT)) == set(STEPS[0]["env"])


def test_no_input_becomes_code() -> None:
    """GitHub would put a value into the script as it is; in a variable it stays a text."""
    assert [one for one in STEPS if "${{" in one.get("run", "")] == []
    assert "eval" not in SCRIPT


@pytest.mark.parametrize("command", ["gate", "replay", "report", "mutate"])
def test_the_commands_have_the_options_that_are_passed(command: str) -> None:
    """Those of each command, and no other."""
    assert "gate | replay | report | mutate)" in SCRIPT
    passed = set(re.findall(r"(?<=[( ])--[a-z][\w-]*", SCRIPT))
    limited = {"--shard": {"gate"}, "--sarif": {"gate", "replay", "report"}}
    expected = {one for one in passed if command in limited.get(one, {command})}

    assert passed >= {"--junit", "--json", "--markdown", "--shard", "--sarif"}
    assert expected <= options(command)


def test_the_hook_is_what_pre_commit_takes() -> None:
    """It runs a command that exists, from the project's environment, once, whatever files were changed."""
    program, command = HOOK["entry"].split()

    assert program == "harness"
    assert "--workflows" in options(command)
    assert (HOOK["language"], HOOK["pass_filenames"]) == ("system", False)
    assert {"id", "name", "entry", "language"} <= set(HOOK)
