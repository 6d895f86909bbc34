"""Where an activity sends its requests is read from its code, in the ways in which people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.init.find.requests import Base
from tests.unit.init.reading import requests_in

ENV = Base(env="PAY_URL", url="http://pay:80")

PLACES = {
    "a literal": (
        'requests.post("https://api.pay.example/v1/charges")',
        Base(url="https://api.pay.example"),
        "/v1/charges",
    ),
    "a parameter in the path": (
        'httpx.post(f"https://pay.example/charges/{order.id}/refund")',
        Base(url="https://pay.example"),
        "/charges/{id}/refund",
    ),
    "a query": ('requests.post(f"https://pay.example/a?x={order}")', Base(url="https://pay.example"), "/a"),
    "a constant": ('requests.post(CONSTANT + "/charges")', Base(url="https://pay.example"), "/v2/charges"),
    "percent": ('requests.post("%s/c/%s" % (FROM_ENV, order))', ENV, "/c/{order}"),
    "format": ('requests.post("{}/c/{id}".format(FROM_ENV, id=order.id))', ENV, "/c/{id}"),
    "environ.get": ('requests.post(f"{FROM_ENV}/charges")', ENV, "/charges"),
    "environ[]": ('requests.post(os.environ["PAY_URL"] + "/charges")', Base(env="PAY_URL"), "/charges"),
    "or": ('requests.post((os.getenv("PAY_URL") or "http://pay:80") + "/c")', ENV, "/c"),
    "a prefix in the default": (
        'requests.post(os.getenv("PAY_URL", "http://pay:80/api/").rstrip("/") + "/c")',
        Base(env="PAY_URL", url="http://pay:80", prefix="/api"),
        "/c",
    ),
    "a host": ("requests.post(f\"http://{os.environ['PAY_HOST']}/c\")", Base(env="PAY_HOST", address=True), "/c"),
    "a function": ('requests.post(pay_url() + "/c")', ENV, "/c"),
    "settings": ('requests.post(f"{settings.pay_url}/c")', Base(env="SHOP_PAY_URL", url="http://pay:80"), "/c"),
    "a client in place": (
        'httpx.Client(base_url=FROM_ENV).post("/charges")',
        ENV,
        "/charges",
    ),
    "a client of the module": ('client.post("/charges")', ENV, "/charges"),
    "request": ('requests.request("POST", f"{FROM_ENV}/charges")', ENV, "/charges"),
    "a helper": ('helper("charges")', ENV, "/v3/{path}"),
    "a method of an object": ("Payments(FROM_ENV).charge(order)", ENV, "/charges"),
}

AROUND = """
from pydantic_settings import BaseSettings, SettingsConfigDict

CONSTANT = "https://pay.example/v2"
FROM_ENV = os.environ.get("PAY_URL", "http://pay:80")
client = httpx.Client(base_url=FROM_ENV)


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    pay_url: str = "http://pay:80"


settings = Settings()


class Payments:
    def __init__(self, url=FROM_ENV):
        self.url = FROM_ENV

    def charge(self, order):
        return requests.post(f"{self.url}/charges")


def pay_url():
    return FROM_ENV


def helper(path):
    return requests.post(f"{FROM_ENV}/v3/{path}")


@activity.defn
def pay(order):
    {call}
"""


@pytest.mark.parametrize(("call", "base", "path"), PLACES.values(), ids=PLACES)
def test_a_place(tmp_path: Path, call: str, base: Base, path: str) -> None:
    """The base that is to be changed, and the path behind it."""
    (request,) = requests_in(tmp_path, AROUND.replace("{call}", call))

    assert (request.method, request.base, request.path) == ("POST", base, path)


@pytest.mark.parametrize(
    "call", ['{}.get("/x", 1)', 'os.environ.get("HTTP")', "order.post(order)", 'print("https://x.y")']
)
def test_what_is_no_request(tmp_path: Path, call: str) -> None:
    """A dict has a `get`, too."""
    code = f"@activity.defn\ndef pay(order):\n    {call}\n"

    assert requests_in(tmp_path, code) == []


BODIES = {
    "what is read": ("answer.json()['charge']", {"charge": "charge-1"}),
    "nested": ("answer.json()['a']['b']", {"a": {"b": "b-1"}}),
    "in a list": ("answer.json()['items'][0]['id']", {"items": [{"id": "id-1"}]}),
    "iterated": ("[one['id'] for one in answer.json()['items']]", {"items": [{"id": "id-1"}]}),
    "compared": ("1 if answer.json()['state'] == 'paid' else 2", {"state": "paid"}),
    "compared with one of several": ("answer.json()['state'] in ('paid', 'open')", {"state": "paid"}),
    "converted": ("float(answer.json()['rate'])", {"rate": 1.0}),
    "get": ("answer.json().get('charge')", {"charge": "charge-1"}),
    "a model": ("Receipt(**answer.json())", {"id": "id-1", "cents": 100}),
    "validated": ("Receipt.model_validate(answer.json())", {"id": "id-1", "cents": 100}),
    "nothing": ("None", {}),
}


@pytest.mark.parametrize(("read", "body"), BODIES.values(), ids=BODIES)
def test_an_answer_has_what_is_read_of_it(tmp_path: Path, read: str, body: object) -> None:
    """With values that let the code go on."""
    code = f"""
    class Receipt:
        id: str
        cents: int


    @activity.defn
    def pay(order):
        answer = requests.post("https://pay.example/charges")
        return {read}
    """

    (request,) = requests_in(tmp_path, code)

    assert request.answer.body == body


def test_a_body_that_a_helper_returns_is_read_by_its_caller(tmp_path: Path) -> None:
    """Where the fields are named."""
    code = """
    async def post(path):
        async with aiohttp.ClientSession("https://pay.example") as session:
            async with session.post(path) as answer:
                assert answer.status == 201
                return await answer.json()


    @activity.defn
    async def pay(order):
        done = await post("/x")
        return done["charge"]["id"]
    """

    (request,) = requests_in(tmp_path, code.replace("session.post(path)", 'session.post("/charges")'))

    assert request.answer.body == {"charge": {"id": "id-1"}}
    assert request.answer.status == 201


def test_what_tells_requests_apart(tmp_path: Path) -> None:
    """The fields of the body, whether it is a form, and whether it has an idempotency key."""
    code = """
    from dataclasses import asdict, dataclass

    @dataclass
    class Order:
        number: str
        cents: int


    @activity.defn
    def pay(order: Order):
        requests.post("https://pay.example/a", json={"id": 1, "x": 2}, headers={"Idempotency-Key": "1"})
        requests.post("https://pay.example/b", data={"to": 1})
        requests.post("https://pay.example/c", json=asdict(order))
    """

    first, second, third = requests_in(tmp_path, code)

    assert (first.fields, first.form, first.keyed) == (["id", "x"], False, True)
    assert (second.fields, second.form, second.keyed) == (["to"], True, False)
    assert third.fields == ["number", "cents"]
