"""What commands print and write as JSON is of a published form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import jsonschema
import pytest

from harness import cli
from harness.commands._schemas import options, schemas
from harness.files.naming import kinds_in
from tests.unit.reports.schemas import PUBLISHED, objects, schema, valid

ROOT = Path(__file__).parents[3]

WRITE = "make schemas"

PINNED = f"pydantic=={version('pydantic')}" in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
"""Whether pydantic writes schemas as in the published ones: its versions differ in the details."""


@pytest.mark.skipif(not PINNED, reason="another version of pydantic writes the same in another way")
@pytest.mark.parametrize("name", schemas())
def test_a_schema_is_what_its_type_says(name: str) -> None:
    """Write them again when a type has changed."""
    assert schema(name) == schemas()[name], f"write the schemas again: {WRITE}"


def test_every_schema_is_of_a_command() -> None:
    """And every command has one that takes --json."""
    there = {one.name.removesuffix(".schema.json") for one in PUBLISHED.glob("*.schema.json")}

    assert there == {*schemas()} == {one.schema for one in options().values()}


def test_what_a_command_means_for_programs_has_json() -> None:
    """These print results; the others write a project, or serve."""
    others = {"fake", "init"}

    assert {*options()} == {*kinds_in("commands")} - others


@pytest.mark.parametrize("name", schemas())
def test_a_misspelled_field_would_be_noticed(name: str) -> None:
    """As every field is required."""
    found = objects(schema(name))

    assert found
    for one in found:
        assert sorted(one["required"]) == sorted(one["properties"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("list", ["list"]),
        ("list", ["list", "saga/*"]),
        ("explain", ["explain", "saga/*", "worker_loss/*", "server_loss/*"]),
        ("claims", ["claims", "--runs", "docs"]),
        ("add", ["add", "--list"]),
        ("add", ["add", "--list", "pattern"]),
    ],
    ids=repr,
)
def test_what_is_printed_is_of_the_published_form(
    name: str, words: Sequence[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of this repository, and nothing besides it."""
    monkeypatch.chdir(ROOT)
    cli.main([*words, "--json"])
    data = valid(name, json.loads(capsys.readouterr().out))

    assert len(data) > 5
    first, *_ = data[0]
    with pytest.raises(jsonschema.ValidationError):
        valid(name, [{**data[0], "misspelled": 1}])
    with pytest.raises(jsonschema.ValidationError):
        valid(name, [{key: value for key, value in data[0].items() if key != first}])
