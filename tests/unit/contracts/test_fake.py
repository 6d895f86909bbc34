"""The file of a fake: typed code that Python takes, with what it does not express named in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import ValidationError

from harness.contracts.fake import fake_of
from tests.unit.contracts.conftest import GET, Contract

CONTRACTS = Path(__file__).parents[2] / "contracts"


def schema(**properties: Any) -> dict[str, Any]:
    """An operation that takes a body with these properties."""
    body = {"type": "object", "properties": properties, "required": [*properties][:1]}
    content = {"application/json": {"schema": body}}
    responses = {"200": {"description": "Done."}}
    return {
        "/things": {
            "post": {
                "operationId": "make",
                "requestBody": {"required": True, "content": content},
                "responses": responses,
            }
        }
    }


@pytest.mark.parametrize("name", ["payments.yaml", "bookings.json", "projects.yaml", "machines.yaml"])
def test_ruff_has_nothing_against_the_file(name: str, tmp_path: Path) -> None:
    """As strict as for the fakes of this project, but for the width of lines."""
    stem = name.partition(".")[0]
    file = tmp_path / f"{stem}.py"
    file.write_text(fake_of(CONTRACTS / name, stem).text, encoding="utf-8")
    ignored = "E501,COM812,D203,D213,D413,D107,CPY,TC,EM,TRY003,INP001"
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length=120", "--select=ALL"]
    checked = subprocess.run(
        [*ruff, "--target-version=py311", f"--ignore={ignored}", "--no-cache", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", ["payments.yaml", "bookings.json", "projects.yaml", "machines.yaml"])
def test_every_model_takes_the_example_of_its_answer(name: str) -> None:
    """The file can be imported, and what it answers is as its models say."""
    stem = name.partition(".")[0]
    module = ModuleType(f"made_{stem}")
    sys.modules[module.__name__] = module
    exec(compile(fake_of(CONTRACTS / name, stem).text, f"{stem}.py", "exec"), vars(module))  # noqa: S102 - our own

    answers = [one.terms.answers for one in vars(module)[stem.capitalize()].operations().values() if one.terms]

    for model in filter(None, answers):
        model.model_json_schema()
        with pytest.raises(ValidationError):
            model.model_validate_json('"no answer"', strict=True)
    assert [*filter(None, answers)]


def test_further_properties_have_the_type_that_the_contract_says(contract: Contract) -> None:
    """Beside those with names, too."""
    body = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}}
    closed = {**body, "additionalProperties": False}
    module = ModuleType("made_things")
    sys.modules[module.__name__] = module
    text = fake_of(contract(schema(first=body, second=closed)), "things").text
    exec(compile(text, "things.py", "exec"), vars(module))  # noqa: S102 - our own
    model = module.MakeBody

    model.model_validate_json('{"first": {"a": "x", "b": 1}, "second": {}}', strict=True)
    for wrong in ('{"first": {"b": "x"}}', '{"first": {}, "second": {"b": 1}}'):
        with pytest.raises(ValidationError):
            model.model_validate_json(wrong, strict=True)


def test_a_recursive_contract_is_expressed(contract: Contract) -> None:
    """Objects that contain themselves are classes that refer to themselves."""
    node = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}, "name": {"type": "string"}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Node"}}}
    answers = {"200": {"description": "It.", "content": content}}

    text = fake_of(
        contract({"/nodes": {"get": {"responses": answers}}}, components={"schemas": {"Node": node}}), "t"
    ).text

    assert "next: Maybe[Node] = None" in text


@pytest.mark.parametrize(
    ("property_", "written"),
    [
        ({"type": "string", "minLength": 1}, "first: Annotated[str, Field(min_length=1)]"),
        ({"type": ["integer", "null"]}, "first: int | None"),
        ({"type": "number", "exclusiveMinimum": 0}, "first: Annotated[float, Field(gt=0)]"),
        ({"type": "string", "format": "date-time"}, "first: AwareDatetime"),
        ({"type": "string", "format": "date"}, "first: dt.date"),
        ({"enum": ["a", 1, None]}, 'first: Literal["a", 1] | None'),
        ({"const": "a"}, 'first: Literal["a"]'),
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, "first: Annotated[list[str], UNIQUE]"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "first: dict[str, int]"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "first: str | int"),
        ({"allOf": [{"type": "string", "minLength": 2}, {"maxLength": 3}]}, "Field(min_length=2, max_length=3)"),
        ({}, "first: Any"),
    ],
)
def test_a_property_has_the_type_of_its_schema(property_: Any, written: str, contract: Contract) -> None:
    """As a person would write it."""
    assert written in fake_of(contract(schema(first=property_)), "things").text


def test_names_that_python_or_pydantic_has_are_aliases(contract: Contract) -> None:
    """The property keeps its name in JSON."""
    names = ["from", "json", "model_config", "x-y", "2nd", "str", "MakeBody"]

    text = fake_of(contract(schema(**{one: {"type": "string"} for one in names})), "things").text

    assert [one for one in names if f'Field(alias="{one}")' not in text] == []
    compile(text, "things.py", "exec")


def test_the_words_of_3_0_are_those_of_3_1(contract: Contract) -> None:
    """`nullable` and limits that are truth values."""
    paths = schema(
        a={"type": "integer", "minimum": 1, "exclusiveMinimum": True},
        b={"type": "string", "nullable": True},
        nullable={"type": "boolean"},
    )

    text = fake_of(contract(paths, openapi="3.0.3"), "things").text

    assert "a: Annotated[int, Field(gt=1)]" in text
    assert "b: str | None = None" in text
    assert "nullable: Maybe[bool] = None" in text


def test_what_is_not_expressed_is_named(contract: Contract) -> None:
    """In the docstring of the file."""
    paths = schema(first={"type": "string", "not": {"const": "x"}}, second={"type": "string", "pattern": r"\p{L}"})
    paths["/things"]["post"]["callbacks"] = {"done": {}}
    paths["/files"] = {
        "put": {"requestBody": {"content": {"image/png": {}}}, "responses": {"200": {"description": "Done."}}},
        "head": {"responses": {}},
    }

    fake = fake_of(contract(paths, webhooks={"settled": {}}), "things")

    docstring = fake.text.split('"""')[1]
    for one in (
        "- webhooks, which are not sent: settled.",
        "- POST /things: its callbacks are not sent: done.",
        "- PUT /files: a body of image/png is taken as it is.",
        "- HEAD /files: fakes do not serve this method.",
        "- model MakeBodyFirst: `not`.",
    ):
        assert one in docstring
    assert "which Python does not know" in docstring
    assert fake.left


def test_an_example_that_is_not_valid_is_not_used(contract: Contract) -> None:
    """One is composed, and the file says so."""
    content = {"schema": {"type": "object", "required": ["a"], "properties": {"a": {"type": "integer", "minimum": 3}}}}
    answers = {"200": {"description": "It.", "content": {"application/json": {**content, "example": {"a": 1}}}}}

    text = fake_of(contract({"/things": {"get": {"responses": answers}}}), "things").text

    assert '{"a": 3}' in text
    assert "GET /things: the answer 200 is composed, as its example is not valid by its schema." in text


def test_a_name_that_every_fake_has_is_not_an_operation(contract: Contract) -> None:
    """`open` would hide what opens the fake."""
    paths = {"/things": {"post": {**GET["/things"]["get"], "operationId": "open"}}}

    assert "async def open_(self" in fake_of(contract(paths), "things").text


def test_a_list_is_its_only_page() -> None:
    """An application that pages ends, and the total is of what was created."""
    payments = fake_of(CONTRACTS / "payments.yaml", "payments").text
    projects = fake_of(CONTRACTS / "projects.yaml", "projects").text
    machines = fake_of(CONTRACTS / "machines.yaml", "machines").text

    assert '"has_more": False' in payments
    assert 'total="total",' in projects
    assert '"next": None' in machines


def test_a_component_may_have_any_name(contract: Contract) -> None:
    """As generics of Java and Python have them, encoded in references."""
    page = {"type": "object", "properties": {"a": {"type": "string"}}}
    names = {"Page[User]": "Page%5BUser%5D", "VAT": "VAT", "a/b": "a~1b", "Reply": "Reply", "1st": "1st"}
    answers = {
        f"/{number}": {
            "get": {
                "responses": {
                    "200": {
                        "description": "It.",
                        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{reference}"}}},
                    }
                }
            }
        }
        for number, reference in enumerate(names.values())
    }

    text = fake_of(contract(answers, components={"schemas": dict.fromkeys(names, page)}), "things").text

    for made in ("PageUser", "Vat", "Reply2", "Model1st"):
        assert f"class {made}(ContractModel):" in text
    compile(text, "things.py", "exec")
