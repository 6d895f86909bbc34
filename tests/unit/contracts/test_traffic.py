"""Recorded traffic becomes operations, without the secrets that were recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from harness.contracts.fake import MadeFake, fake_of
from harness.contracts.pairs import Role

KEY = "sk_live_4242424242424242abcd"


def entry(method: str, path: str, status: int, answer: Any, sent: Any = None, **headers: str) -> dict[str, Any]:
    """One entry, as browsers and proxies write them."""
    named = [{"name": name.replace("_", "-"), "value": value} for name, value in headers.items()]
    posted = {"mimeType": "application/json", "text": json.dumps(sent)} if sent is not None else None
    return {
        "request": {
            "method": method,
            "url": f"https://api.pay.example{path}",
            "headers": named,
            **({"postData": posted} if posted else {}),
        },
        "response": {
            "status": status,
            "headers": [],
            "content": {
                "mimeType": "application/json; charset=utf-8",
                "text": "" if answer is None else json.dumps(answer),
            },
        },
    }


def made(tmp_path: Path, *entries: dict[str, Any]) -> MadeFake:
    """The fake of these entries."""
    file = tmp_path / "traffic.har"
    file.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}), encoding="utf-8")
    return fake_of(file, "pay")


PAYMENT = {"id": "pay_1a2b", "cents": 42, "note": None}
BEARER = {"Authorization": f"Bearer {KEY}"}


def test_calls_are_grouped_by_method_and_path(tmp_path: Path) -> None:
    """Ids become parameters, and what is created is undone by what removes it."""
    fake = made(
        tmp_path,
        entry("POST", "/v1/payments", 201, PAYMENT, {"cents": 42}, **BEARER),
        entry(
            "POST", "/v1/payments", 201, {**PAYMENT, "id": "pay_9z8y", "note": "n"}, {"cents": 7, "note": "n"}, **BEARER
        ),
        entry("GET", "/v1/payments/pay_1a2b", 200, PAYMENT, **BEARER),
        entry("GET", "/v1/payments/pay_9z8y", 200, PAYMENT, **BEARER),
        entry("GET", "/v1/payments/pay_0000", 404, {"error": "no"}, **BEARER),
        entry("DELETE", "/v1/payments/pay_1a2b", 204, None, **BEARER),
        entry("GET", "/v1/customers/ada/orders/7", 200, {"customer_id": "ada"}),
    )

    found = {f"{one.operation.method} {one.operation.path}": one.role for one in fake.parts}
    assert found == {
        "POST /v1/payments": Role.CREATES,
        "GET /v1/payments/{payment_id}": Role.READS,
        "DELETE /v1/payments/{payment_id}": Role.REMOVES,
        "GET /v1/customers/{customer_id}/orders/{order_id}": Role.ANSWERS,
    }
    assert "auth=AUTH" in fake.text
    assert 'AUTH = ("bearer",)' in fake.text
    assert "cents: int" in fake.text
    assert "note: Maybe[str] = None" in fake.text, "not all requests had it"
    assert '{"id": "pay_1a2b", "cents": 42, "note": None}' in fake.text, "the first answer that was recorded"


def test_secrets_are_replaced_before_anything_is_written(tmp_path: Path) -> None:
    """Wherever they are: in headers, bodies, forms, paths and texts; also where they came before their name."""
    form = entry("POST", "/token", 200, {"access_token": "tok-aaaabbbb1"})
    form["request"]["postData"] = {
        "mimeType": "application/x-www-form-urlencoded",
        "text": "client_secret=hidden-one&scope=all",
    }
    fake = made(
        tmp_path,
        entry("GET", "/echo", 200, {"said": f"you are {KEY} and hidden-two"}),
        entry("POST", "/logins", 200, {"ok": True, "seen": "hidden-one"}, {"password": "hidden-two", "user": "ada"}),
        entry(
            "GET", "/keys/tok-aaaabbbb1", 200, {"card_number": "4242424242424242"}, **BEARER, Cookie="session=hidden3"
        ),
        form,
    )

    for secret in (KEY, "hidden-one", "hidden-two", "hidden3", "tok-aaaabbbb1", "4242424242424242"):
        assert secret not in fake.text
        assert secret not in json.dumps(fake.document.data)


def test_a_form_is_taken_from_its_text_or_its_fields(tmp_path: Path) -> None:
    """Recorders write one or the other."""
    media = "application/x-www-form-urlencoded"
    one, other = (entry("POST", f"/{name}", 200, {"ok": True}) for name in ("one", "other"))
    one["request"]["postData"] = {"mimeType": media, "text": "city=Rome"}
    other["request"]["postData"] = {"mimeType": media, "params": [{"name": "city", "value": "Rome"}]}

    text = made(tmp_path, one, other).text

    assert text.count('body="form"') == 2
    assert text.count("    city: str\n") == 2


def test_pages_and_unanswered_calls_are_left_out(tmp_path: Path) -> None:
    """And counted in the file."""
    page = entry("GET", "/", 200, None)
    page["response"]["content"]["mimeType"] = "text/html"
    cut = entry("GET", "/things", 0, None)

    fake = made(tmp_path, page, cut, entry("GET", "/things", 200, [1]))

    assert len(fake.parts) == 1
    assert "2 entries of pages, other hosts, or without an answer" in fake.text


def test_what_was_recorded_of_a_service_is_its_fake() -> None:
    """A shipment is undone by its cancellation, though its id is called "shipment"."""
    fake = fake_of(Path(__file__).parents[2] / "contracts" / "shipping.har", "shipping")

    found = {one.operation.name: (one.role, one.thing.creator.name if one.thing else "") for one in fake.parts}
    assert found == {
        "post_shipments": (Role.CREATES, "post_shipments"),
        "get_shipment": (Role.READS, "post_shipments"),
        "post_shipments_cancel": (Role.REMOVES, "post_shipments"),
        "get_status": (Role.ANSWERS, ""),
    }
    assert 'Reply(raw=b"up"' in fake.text
    assert "live-0123456789abcdef" not in fake.text
