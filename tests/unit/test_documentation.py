"""The documentation does not lie: what it names exists, and what exists is named."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

import harness
from harness.catalog import load_catalog, load_fakes
from harness.commands._paths import Read
from harness.evidence.event_json import type_by_name
from harness.files.naming import camel_case, kinds_in
from harness.pytest_plugin import pytest_addoption
from harness.settings import Settings

ROOT = Path(__file__).parents[2]
COMMANDS: dict[str, click.Command] = {
    name: import_module(f"harness.commands.{name}").command for name in kinds_in("commands")
}
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("scenarios/*/README.md")])
REFERENCE = "".join(page.read_text(encoding="utf-8") for page in ROOT.glob("docs/reference/*.md"))

KINDS = [
    *((kind, "faults.md") for family in ("network", "service", "worker") for kind in kinds_in(f"faults.{family}")),
    *((kind, "triggers.md") for kind in kinds_in("triggers")),
    *((kind, "oracles.md") for kind in kinds_in("oracles")),
]

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> Iterator[list[str]]:
    """Yield what follows each prompt in the console blocks, in words, without the folder of the program."""
    for block in blocks(page, "console"):
        for line in re.findall(r"^\$ (.*)", block, re.MULTILINE):
            words = shlex.split(line, comments=True)
            yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


def anchors(page: Path) -> set[str]:
    """Return what a link can point to inside a page, as its headings are turned into anchors."""
    headings = re.findall(r"^#+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def described(name: str, page: str) -> bool:
    """Whether a name stands as code in a reference page, alone or with arguments."""
    text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    return re.search(rf"`{re.escape(name)}[`(]", text) is not None


@pages
def test_commands_exist(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command of ours that a page shows is one, with those options."""
    # The files that a page speaks of are the reader's.
    monkeypatch.setattr(Read, "why_not", lambda *_: "")
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for program, *arguments in commands(page):
        if program == "harness":
            command = COMMANDS[arguments[0]]
            # Reads the options and runs nothing; a wrong one is a click.UsageError.
            command.make_context(arguments[0], arguments[1:])
        elif program == "make":
            assert [one for one in arguments if "=" not in one and one not in targets] == []
        elif arguments[:2] == ["-m", "fakes"]:
            COMMANDS["fake"].make_context("fake", arguments[2:])


@pages
def test_scenarios_exist(page: Path) -> None:
    """Every scenario of ours that a page runs is in the catalogue."""
    catalog = load_catalog(ROOT, Settings())
    patterns = tuple(f"{name.partition('/')[0]}/" for name in catalog.entries)
    for program, *arguments in commands(page):
        if program == "harness":
            catalog.select([one for one in arguments if one.startswith(patterns)])


@pages
def test_links_resolve(page: Path) -> None:
    """Every relative link leads to a file, and to a heading of it."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_site_has_every_page() -> None:
    """In the order that it names; decisions are read from their list."""
    site = tomllib.loads((ROOT / "zensical.toml").read_text(encoding="utf-8"))["project"]
    [start, *sections, decisions] = site["nav"]
    named = [
        *start.values(),
        *(page for one in sections for pages in one.values() for page in pages),
        *decisions.values(),
    ]
    docs = ROOT / "docs"
    there = {one.relative_to(docs).as_posix() for one in docs.rglob("*.md") if one.parent.name != "decisions"}

    assert sorted(named) == sorted({*there, "decisions/README.md"})


@pages
def test_code_reads(page: Path) -> None:
    """Every block of Python parses, and takes from our packages what they have."""
    for block in blocks(page, "python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "harness":
                module = importlib.import_module(str(node.module))

                assert [one.name for one in node.names if not hasattr(module, one.name)] == []


@pages
def test_words_are_ours(page: Path) -> None:
    """No page uses another word for what has one."""
    words = re.findall(
        r"\b(?:mock|prob(?:e|es|ing)|chaos|monkey|stub|nemesis)\w*", page.read_text(encoding="utf-8").lower()
    )

    assert words == []


@pytest.mark.parametrize(("kind", "page"), KINDS)
def test_kinds_are_described(kind: str, page: str) -> None:
    """Every kind stands in its reference page, by its name and by its class."""
    assert described(kind, page)
    assert described(camel_case(kind), page)


@pytest.mark.parametrize("kind", kinds_in("explore.kinds"))
def test_kinds_of_an_exploration_are_described(kind: str) -> None:
    """By their names, which are what reports and schedules say."""
    assert described(kind, "explore.md")


@pytest.mark.parametrize("name", load_catalog(ROOT, Settings()).entries)
def test_scenarios_are_described(name: str) -> None:
    """Every scenario stands in its pattern's README."""
    assert f"`{name}`" in (ROOT / "scenarios" / name.partition("/")[0] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", load_fakes(ROOT, Settings()))
def test_fakes_are_described(name: str) -> None:
    """Every fake stands in its reference page, with its operations."""
    assert described(name, "fakes-http.md")
    assert all(described(one, "fakes-http.md") for one in load_fakes(ROOT, Settings())[name].operations())


@pytest.mark.parametrize("name", harness.__all__)
def test_public_names_are_described(name: str) -> None:
    """Every public name stands in the reference."""
    assert re.search(rf"`{name}[`(]", REFERENCE)


@pytest.mark.parametrize("name", harness.__all__)
def test_public_names_are_no_modules(name: str) -> None:
    """No module of the package has a public name, which it would hide once it is loaded."""
    assert importlib.util.find_spec(f"harness.{name}") is None


def test_public_names_are_listed_once_and_for_all() -> None:
    """Type checkers are told of the same names as Python."""
    tree = ast.parse(Path(harness.__file__).read_text(encoding="utf-8"))
    told = {one.asname for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}

    assert set(harness.__all__) == told - {None}


@pytest.mark.parametrize("name", type_by_name)
def test_events_are_described(name: str) -> None:
    """Every event stands in the page of the run folder."""
    assert described(name, "run-folder.md")


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_described(name: str) -> None:
    """Every command stands in the page of the command line, with its options."""
    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    options = [one for part in COMMANDS[name].params if isinstance(part, click.Option) for one in part.opts]

    assert f"`harness {name}" in text
    assert [one for one in options if not re.search(rf"`{re.escape(one)}[` ]", text)] == []


def test_settings_are_described() -> None:
    """Every setting and every option of the plugin stands in the page of the configuration."""
    text = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    parser = pytest.Parser(_ispytest=True)
    pytest_addoption(parser)
    options = [name for one in parser.getgroup("harness").options for name in one.names()]

    assert [one for one in Settings.model_fields if f"`{one}`" not in text] == []
    assert [one for one in options if not re.search(rf"`{one}[` ]", text)] == []


def test_targets_are_described() -> None:
    """Every target of the Makefile stands in CONTRIBUTING.md."""
    targets = re.search(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert targets is not None
    assert [one for one in targets[1].split() if f"$ make {one}" not in text] == []


def test_layers_are_described() -> None:
    """ARCHITECTURE.md says what every package and root module of the harness is for."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = {
        path.stem for path in (ROOT / "harness").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert [one for one in sorted(modules) if not one.startswith("__") and f"`{one}`" not in text] == []
