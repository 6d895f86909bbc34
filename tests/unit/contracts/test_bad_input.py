"""What is no contract, and no traffic, is refused in one sentence that says what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.contracts.fake import fake_of
from harness.contracts.reading import LIMIT
from harness.errors import UsageError
from tests.unit.contracts.conftest import GET, Contract

ENTRY: dict[str, Any] = {
    "request": {"method": "GET", "url": "https://one.example/things", "headers": []},
    "response": {"status": 200, "headers": [], "content": {"mimeType": "application/json", "text": "[]"}},
}
OTHER = {**ENTRY, "request": {**ENTRY["request"], "url": "https://two.example/things"}}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yaml", "openapi: [3.0\npaths: {", " is not YAML: "),
        ("a.yaml", "openapi: 3.0.0\n\tpaths: {}\n", "a.yaml:2:1 is not YAML: "),
        ("a.json", '{"openapi": "3.0.0",', "a.json is not JSON: "),
        ("a.json", "[1]", "a.json holds a list, and no object with `openapi` or `log`; is it the right file?"),
        ("a.yaml", "just text", "a.yaml holds a text"),
        ("a.json", '{"paths": {}}', "a.json has no `openapi`, so it is no OpenAPI document; it has "),
        ("a.json", '{"swagger": "2.0", "paths": {}}', "a.json is Swagger 2.0; OpenAPI 3.0 and 3.1 are read. Convert"),
        ("a.json", '{"openapi": "4.0.0", "paths": {}}', "a.json is OpenAPI 4.0.0; 3.0 and 3.1 are read."),
        ("a.json", '{"openapi": "3.1.0"}', "a.json has no paths; there is nothing for a fake to answer."),
        ("a.json", '{"openapi": "3.1.0", "webhooks": {"w": {}}}', "a.json has webhooks only, which the service sends"),
        ("a.json", '{"openapi": "3.1.0", "paths": {"/a": {"head": {}}}}', "a.json has no operation with GET, POST"),
        ("a.har", '{"log": {"entries": []}}', "a.har has no entries; record the application's calls"),
        ("a.har", '{"log": {"entries": [{}]}}', "a.har has 1 entry, and none is an answered call of a service."),
        ("a.json", '{"a":' * 5000 + "1" + "}" * 5000, "a.json is nested too deeply to be a contract."),
    ],
)
def test_a_file_is_refused(name: str, text: str, said: str, tmp_path: Path) -> None:
    """With its name, and what to do."""
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")

    with pytest.raises(UsageError) as error:
        fake_of(file, "things")

    assert said in str(error.value)
    assert len(error.value.problems) == 1


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    """In the words of the system."""
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(UsageError, match=r"cannot be read: No such file"):
        fake_of(tmp_path / "a", "things")
    with pytest.raises(UsageError, match=r"is not UTF-8, from byte 0 on; save it as UTF-8"):
        fake_of(tmp_path / "b", "things")


def test_a_file_of_30_mb_is_refused_with_the_limit(tmp_path: Path) -> None:
    """Before it is read."""
    file = tmp_path / "a.json"
    with file.open("wb") as large:
        large.truncate(30 * 2**20)

    with pytest.raises(UsageError, match=rf"has 30 MB, and up to {LIMIT // 2**20} MB are read; leave out"):
        fake_of(file, "things")


def test_aliases_that_make_much_of_little_are_refused(tmp_path: Path) -> None:
    """A billion values in ten lines."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    file = tmp_path / "a.yaml"
    file.write_text("openapi: 3.1.0\n" + "\n".join(lines), encoding="utf-8")

    with pytest.raises(UsageError, match=r"more than 2,000,000 values once its aliases are written out"):
        fake_of(file, "things")


def test_references_that_lead_nowhere_or_elsewhere_are_refused_together(contract: Contract) -> None:
    """Each by its name."""
    file = contract(
        GET,
        components={
            "schemas": {
                "A": {"$ref": "#/components/schemas/Gone"},
                "B": {"properties": {"b": {"$ref": "other.yaml#/B"}, "$ref": {"type": "string"}}},
                "C": {"$ref": "#/components/schemas/D"},
                "D": {"$ref": "#/components/schemas/C"},
                "E": {"example": {"$ref": "no reference"}},
            }
        },
    )

    with pytest.raises(UsageError) as error:
        fake_of(file, "things")

    said = [one.partition("contract.json: ")[2].partition(";")[0] for one in error.value.problems]
    assert said == [
        "the reference '#/components/schemas/Gone' leads nowhere",
        "the reference 'other.yaml#/B' leads to another document, which is not read",
        "the reference '#/components/schemas/D' leads to itself and says nothing",
        "the reference '#/components/schemas/C' leads to itself and says nothing",
    ]


def test_what_is_no_openapi_is_named_by_its_place(contract: Contract) -> None:
    """All at once; what only people read may be anything."""
    paths = {"/a": {"get": {"responses": ["200"], "summary": None, "parameters": [1]}}, "/b": "x", "x-c": 1}
    schemas = {"properties": {"properties": {"enum": 1}, "example": 1}, "S": {"minLength": -1, "type": [1], "x-a": 1}}

    with pytest.raises(UsageError) as error:
        fake_of(contract(paths, components={"schemas": schemas}), "things")

    assert [one.partition("is no OpenAPI: #/")[2] for one in error.value.problems] == [
        "paths//a/get/responses is a list, and must be an object.",
        "paths//a/get/parameters/0 is a whole number, and must be an object.",
        "paths//b is a text, and must be an object.",
        "components/schemas/properties/properties/enum is a whole number, and must be an object or true or false.",
        "components/schemas/S/minLength is -1, and must not be negative.",
        "components/schemas/S/type/0 is a whole number, and must be a text.",
    ]


@pytest.mark.parametrize(
    ("hosts", "said"),
    [
        ((), "has calls of several hosts; choose with --host, once for each of a service: one.example (1 call), two"),
        (("on.example",), "unknown host 'on.example'. Did you mean 'one.example'?"),
    ],
)
def test_the_host_of_traffic_has_to_be_said(hosts: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """If there are several."""
    file = tmp_path / "a.har"
    file.write_text(json.dumps({"log": {"entries": [ENTRY, OTHER]}}), encoding="utf-8")

    with pytest.raises(UsageError) as error:
        fake_of(file, "things", hosts=hosts)

    assert said in str(error.value)
    assert "two.example" not in fake_of(file, "things", hosts=["one.example"]).text


def test_a_contract_has_no_hosts_to_choose_from(contract: Contract) -> None:
    """The option is refused, not ignored."""
    with pytest.raises(UsageError, match="--host chooses among the hosts of recorded traffic"):
        fake_of(contract(), "things", hosts=["a"])
