"""What creates something is undone by what removes it, in contracts of five styles."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from harness.contracts.fake import MadeFake, fake_of
from harness.contracts.pairs import Role
from tests.contracts.large import large, pairs
from tests.unit.contracts.conftest import Contract

CONTRACTS = Path(__file__).parents[2] / "contracts"

PAIRS = {
    "payments.yaml": {
        ("create_payment", "refund_payment"),
        ("authorize", "void_authorization"),
        ("create_customer", "delete_customer"),
    },
    "bookings.json": {("bookings_create", "bookings_cancel"), ("hold_seat", "release_seat")},
    "projects.yaml": {
        ("create_project", "delete_project"),
        ("create_task", "delete_task"),
        ("create_comment", "delete_comment"),
        ("put_label", "delete_label"),
    },
    "machines.yaml": {
        ("create_machine", "delete_machine"),
        ("attach_volume", "detach_volume"),
        ("open_lease", "close_lease"),
        ("subscribe_alerts", "unsubscribe_alerts"),
    },
}
"""As a person reads them."""


def undone(fake: MadeFake) -> set[tuple[str, str]]:
    """What is undone by what."""
    return {
        (one.thing.creator.name, one.operation.name) for one in fake.parts if one.role is Role.REMOVES and one.thing
    }


@pytest.mark.parametrize("name", PAIRS)
def test_the_pairs_of_a_contract_are_found(name: str) -> None:
    """All of them, and no others."""
    fake = fake_of(CONTRACTS / name, name.partition(".")[0])

    assert undone(fake) == PAIRS[name]
    assert fake.undone == len(PAIRS[name])


def test_the_pairs_of_a_large_contract_are_found(tmp_path: Path) -> None:
    """Of each resource."""
    file = tmp_path / "large.json"
    file.write_text(json.dumps(large(60)), encoding="utf-8")

    fake = fake_of(file, "large")

    assert len(fake.parts) == 60
    assert undone(fake) == pairs(60)


def roles(fake: MadeFake) -> dict[str, str]:
    """What each operation does."""
    return {one.operation.name: one.role.value for one in fake.parts}


def test_every_operation_of_an_rpc_service_has_its_role() -> None:
    """By verb and noun; a verb that only reads has no effect, also with POST."""
    assert roles(fake_of(CONTRACTS / "machines.yaml", "machines")) == {
        "create_machine": "creates",
        "describe_machine": "reads",
        "list_machines": "lists",
        "delete_machine": "removes",
        "attach_volume": "creates",
        "detach_volume": "removes",
        "open_lease": "creates",
        "close_lease": "removes",
        "subscribe_alerts": "creates",
        "unsubscribe_alerts": "removes",
        "post_reboot": "acts",
        "calculate_price": "answers",
    }


def test_every_operation_on_nested_resources_has_its_role() -> None:
    """By paths."""
    found = roles(fake_of(CONTRACTS / "projects.yaml", "projects"))

    assert found["list_projects"] == found["list_tasks"] == "lists"
    assert found["read_task"] == "reads"
    assert found["update_project"] == found["update_task"] == "changes"
    assert found["put_label"] == "puts"


def test_a_refund_of_a_payment_by_its_id_undoes_it(contract: Contract) -> None:
    """Also if refunds are a collection of their own."""
    one = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    answer = {"201": {"description": "Done.", "content": {"application/json": {"schema": one}}}}
    body = {"type": "object", "required": ["payment_id"], "properties": {"payment_id": {"type": "string"}}}
    file = contract(
        {
            "/refunds": {
                "post": {
                    "operationId": "refund",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
                    "responses": answer,
                }
            },
            "/payments": {"post": {"operationId": "pay", "responses": answer}},
            "/payments/{id}": {"get": {"operationId": "payment", "responses": {"200": answer["201"]}}},
        }
    )

    fake = fake_of(file, "things")

    assert undone(fake) == {("pay", "refund")}
    assert fake.text.index("async def pay(") < fake.text.index("async def refund("), "undoes= names what is above it"
    assert 'key=key_of(wanted, "payment_id")' in fake.text


NAMED = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}


@pytest.mark.parametrize(
    ("create", "written"),
    [
        ({"responses": {"201": {"description": "Made.", "headers": {"location": {"schema": {}}}}}}, "like=1,"),
        (
            {
                "requestBody": {"required": True, "content": {"application/json": {"schema": NAMED}}},
                "responses": {"200": {"description": "Made."}},
            },
            'taken=fields(wanted, "name")',
        ),
    ],
    ids=["in the header Location", "in the body"],
)
def test_what_is_created_without_an_id_in_the_answer_is_undone(
    create: dict[str, Any], written: str, contract: Contract
) -> None:
    """The id is elsewhere."""
    known = {"name": "name", "in": "path", "required": True, "schema": {"type": "integer"}}
    gone = {"operationId": "drop", "parameters": [known], "responses": {"204": {"description": "Gone."}}}
    file = contract({"/users/": {"post": {**create, "operationId": "make"}}, "/users/{name}/": {"delete": gone}})

    fake = fake_of(file, "things")

    assert undone(fake) == {("make", "drop")}
    assert written in fake.text
