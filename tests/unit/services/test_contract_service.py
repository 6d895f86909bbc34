"""What the words of a generated fake mean: creates, reads, changes, lists, removes, and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from pydantic import ValidationError

from harness import Call, Reply, operation
from harness.services.contract_model import ContractModel, Maybe
from harness.services.contract_service import WHY, ContractService, fields, key_of
from harness.services.contract_terms import Terms, read_form
from harness.services.http_application import application
from harness.services.new_id import new_id

AT = "/orders/{id}"
ORDER = {"id": "ord_1", "cents": 1, "state": "new"}
REFUSALS: dict[int | str, Reply] = {
    401: Reply(status=401, body={"no": "credentials"}),
    404: Reply(status=404, body={"no": "order"}, headers={"content-type": "application/problem+json"}),
    "4XX": Reply(status=400, body={"no": "idea"}),
}
TERMS = Terms(refusals=REFUSALS)


class NewOrder(ContractModel):
    """An order."""

    cents: int
    note: Maybe[str] = None


class Order(ContractModel):
    """An order that was taken."""

    id: str
    cents: int


class Which(ContractModel):
    """Which order."""

    order: str


class Orders(ContractService):
    """Takes orders."""

    prefix = "/v1"

    @operation("GET /orders/{id}", terms=TERMS)
    async def get(self, call: Call) -> Reply:
        """Read one."""
        return self._read(call, Reply(body=ORDER), at=AT)

    @operation("POST /orders", terms=Terms(refusals=REFUSALS, answers=Order, key="X-Key"))
    async def take(self, call: Call, wanted: NewOrder) -> Reply:
        """Take one."""
        taken = fields(wanted, "cents")
        return self._created(call, Reply(status=201, body=ORDER), at=AT, id="id", taken=taken)

    @operation("GET /orders", terms=TERMS)
    async def all(self, call: Call) -> Reply:
        """List them."""
        return self._listed(call, Reply(body={"data": [], "count": 5}), ORDER, at=AT, within="data", total="count")

    @operation("GET /orders/latest", terms=TERMS)
    async def latest(self, call: Call) -> Reply:
        """Read one that has no id in its path."""
        return Reply(body={"latest": call.query("of")})

    @operation("PATCH /orders/{id}", terms=TERMS)
    async def change(self, call: Call, wanted: NewOrder) -> Reply:
        """Change one."""
        return self._changed(call, Reply(body=ORDER), at=AT, taken=fields(wanted, "cents"))

    @operation("DELETE /orders/{id}", undoes=take, terms=TERMS)
    async def drop(self, call: Call) -> Reply:
        """Remove one."""
        return self._removed(call, Reply(status=204), at=AT)

    @operation("POST /cancellations", undoes=take, terms=TERMS)
    async def cancel(self, call: Call, wanted: Which) -> Reply:
        """Cancel one, by its id in the body."""
        return self._removed(call, Reply(body=ORDER), at=AT, key=key_of(wanted, "order"), stays=True)

    @operation("PUT /seats/{seat}")
    async def hold(self, call: Call) -> Reply:
        """Hold a seat."""
        return self._put(call, Reply(body={"seat": "1A"}), at="/seats/{seat}", taken={}, id="seat")

    @operation("DELETE /seats/{seat}", undoes=hold)
    async def free(self, call: Call) -> Reply:
        """Free it."""
        return self._removed(call, Reply(status=204), at="/seats/{seat}")

    @operation("POST /jobs/{job}/runs")
    async def run(self, call: Call) -> Reply:
        """Run a job."""
        reply = Reply(status=201, raw=b"", headers={"Location": "there"})
        return self._created(call, reply, at="/jobs/{job}/runs/{run}", id="", like="r-1", taken={})

    @operation("DELETE /jobs/{job}/runs/{run}", undoes=run)
    async def halt(self, call: Call) -> Reply:
        """Stop it."""
        return self._removed(call, Reply(status=204), at="/jobs/{job}/runs/{run}")

    @operation("POST /broken", terms=Terms(answers=Order, auth=("bearer", "header X-Key and query sig")))
    async def broken(self, call: Call) -> Reply:
        """Answer as somebody's change made it."""
        return self._done(call, Reply(body={"id": 1}))

    @operation("POST /forms", terms=Terms(body="form", needs=("query city", "header X-Tenant")))
    async def form(self, call: Call, wanted: NewOrder) -> Reply:
        """Take a form."""
        return self._done(call, Reply(body={"cents": wanted.cents}))

    @operation("POST /files", terms=Terms(body="other", may_be_empty=True))
    async def file(self, call: Call) -> Reply:
        """Take anything."""
        return self._done(call, Reply(status=202, raw=b""))


@pytest.fixture
def orders() -> Orders:
    """A fake."""
    return Orders()


@pytest_asyncio.fixture
async def client(orders: Orders) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of it, without a socket."""
    transport = httpx2.ASGITransport(app=application(orders.name(), orders._matched(), orders.serve, []))
    async with httpx2.AsyncClient(transport=transport, base_url="http://orders") as one:
        yield one


def events(orders: Orders) -> list[str]:
    """The names of the effects in the journal, with their keys."""
    return [
        f"{type(one).__name__} {one.key}"
        for one in orders.journal
        if type(one).__name__.startswith(("Effect", "Tomb")) and hasattr(one, "key")
    ]


async def take(client: httpx2.AsyncClient, cents: int = 7, *, key: str = "") -> httpx2.Response:
    """Take an order."""
    return await client.post("/orders", json={"cents": cents}, headers={"X-Key": key} if key else {})


async def test_what_was_created_is_read_changed_listed_and_removed(orders: Orders, client: httpx2.AsyncClient) -> None:
    """By its id; the first has the example's, the next one counts on."""
    first, second = await take(client), await take(client, 8)
    changed = await client.patch("/orders/ord_2", json={"cents": 9})
    listed = await client.get("/orders")
    gone = await client.delete("/orders/ord_1")
    missing = await client.get("/orders/ord_1")

    assert (first.status_code, first.json()) == (201, {**ORDER, "cents": 7})
    assert second.json() == {**ORDER, "id": "ord_2", "cents": 8}
    assert changed.json() == {**ORDER, "id": "ord_2", "cents": 9}
    assert listed.json() == {"data": [first.json(), changed.json()], "count": 2}
    assert gone.status_code == 204
    assert (missing.status_code, missing.json()) == (404, {"no": "order"})
    assert missing.headers["content-type"] == "application/problem+json"
    assert missing.headers[WHY] == "there is no ord_1"
    assert events(orders)[:2] == ["EffectApplied ord_1", "EffectApplied ord_2"]
    assert events(orders)[-1] == "EffectUndone ord_1"


async def test_a_repeated_key_creates_once(orders: Orders, client: httpx2.AsyncClient) -> None:
    """With the header that the contract has for it; and not again after it was removed."""
    first, again = await take(client, key="k"), await take(client, 9, key="k")
    await client.delete("/orders/ord_1")
    late = await take(client, key="k")

    assert first.json() == again.json()
    assert (late.status_code, late.json()) == (409, {"no": "idea"})
    assert events(orders) == [
        "EffectApplied ord_1",
        "EffectRepeated ord_1",
        "EffectUndone ord_1",
        "EffectRefused ord_1",
    ]


async def test_what_was_cancelled_can_still_be_read(orders: Orders, client: httpx2.AsyncClient) -> None:
    """A cancelled order is undone once, and is there."""
    await take(client)
    cancelled = await client.post("/cancellations", json={"order": "ord_1"})
    unknown = await client.post("/cancellations", json={"order": "ord_9"})

    assert cancelled.json() == {**ORDER, "cents": 7}
    assert (await client.get("/orders/ord_1")).status_code == 200
    assert unknown.status_code == 404
    assert events(orders)[1:] == ["EffectUndone ord_1", "Tombstoned ord_9"]


async def test_what_is_put_is_undone_by_its_path(orders: Orders, client: httpx2.AsyncClient) -> None:
    """The key is in the path of both; what has no answer for unknown ids in the contract is answered as ever."""
    held = await client.put("/seats/2B")
    freed, again = await client.delete("/seats/2B"), await client.delete("/seats/2B")

    assert held.json() == {"seat": "2B"}
    assert (freed.status_code, again.status_code) == (204, 204)
    assert events(orders) == ["EffectApplied 2B", "EffectUndone 2B", "Tombstoned 2B"]


async def test_what_was_put_can_be_put_again(orders: Orders, client: httpx2.AsyncClient) -> None:
    """After it was removed; but not after somebody wanted to remove what was not there yet."""
    await client.put("/seats/2B")
    await client.delete("/seats/2B")
    again = await client.put("/seats/2B")
    await client.delete("/seats/2B")
    await client.delete("/seats/9Z")
    late = await client.put("/seats/9Z")

    assert again.status_code == late.status_code == 200, "the contract has no answer that refuses"
    assert events(orders)[2:] == ["EffectApplied 2B~2", "EffectUndone 2B~2", "Tombstoned 9Z", "EffectRefused 9Z"]


async def test_an_id_in_the_header_location_is_the_key(orders: Orders, client: httpx2.AsyncClient) -> None:
    """Where the answer has no body."""
    first, second = await client.post("/jobs/a%20b/runs"), await client.post("/jobs/c/runs")
    stopped = await client.delete(second.headers["location"].removeprefix("/v1"))

    assert (first.status_code, first.content) == (201, b"")
    assert [first.headers["location"], second.headers["location"]] == ["/v1/jobs/a%20b/runs/r-1", "/v1/jobs/c/runs/r-2"]
    assert stopped.status_code == 204
    assert events(orders) == ["EffectApplied a b/r-1", "EffectApplied c/r-2", "EffectUndone c/r-2"]


async def test_a_path_without_a_parameter_comes_first(client: httpx2.AsyncClient) -> None:
    """Whatever the order in the contract."""
    assert (await client.get("/orders/latest?of=ada")).json() == {"latest": "ada"}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 401),
        ({"headers": {"Authorization": "Basic YTpi"}}, 401),
        ({"headers": {"Authorization": "Bearer "}}, 401),
        ({"headers": {"X-Key": "k"}}, 401),
        ({"headers": {"Authorization": "bearer x"}}, 500),
        ({"headers": {"X-Key": "k"}, "params": {"sig": "s"}}, 500),
    ],
)
async def test_credentials_are_wanted_as_the_contract_says(
    sent: dict[str, Any], status: int, client: httpx2.AsyncClient
) -> None:
    """Any one of the alternatives, with all its parts; the operation itself is broken."""
    assert (await client.post("/broken", **sent)).status_code == status


async def test_an_answer_that_is_not_as_the_contract_says_is_no_answer(client: httpx2.AsyncClient) -> None:
    """It says which operation, and what of it."""
    broken = await client.post("/broken", headers={"Authorization": "Bearer x"})

    said = "orders.broken: its answer is not as the contract says: id: Input should be a valid string; cents: Field req"
    assert said in broken.json()["error"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"json": {"cents": "7"}}, "take was refused: cents: Input should be a valid integer"),
        ({"json": {"cents": 7, "note": None}}, "null is not allowed; leave it out instead"),
        ({"content": b"{"}, "the body is not JSON"),
    ],
)
async def test_a_body_is_refused_with_the_contracts_answer(
    sent: dict[str, Any], said: str, client: httpx2.AsyncClient
) -> None:
    """And a header says why."""
    refused = await client.post("/orders", **sent)

    assert refused.status_code in {400, 422}
    assert refused.json() == {"no": "idea"}
    assert said in refused.headers[WHY]


async def test_why_a_call_is_refused_fits_into_a_header(client: httpx2.AsyncClient) -> None:
    """Whatever is in the path."""
    assert (await client.get("/orders/%C2%AD%1F")).headers[WHY] == "there is no \\xad\\x1f"


async def test_forms_and_files_are_taken(client: httpx2.AsyncClient) -> None:
    """A form's texts become numbers; a file is not looked at; a parameter that is missing is named."""
    tenant = {"X-Tenant": "t"}
    form = await client.post("/forms?city=", data={"cents": "7"}, headers=tenant)
    good = await client.post("/forms?city=x", data={"cents": "7"}, headers=tenant)
    file = await client.post("/files", content=b"\x89PNG")

    assert (form.status_code, form.json()) == (400, {"error": "missing: query city"})
    assert good.json() == {"cents": 7}
    assert (file.status_code, file.content) == (202, b"")


def test_a_form_has_fields_within_fields() -> None:
    """As Stripe and PHP have them; a repeated field is a list."""
    assert read_form(b"a=1&a=2&card[number]=4&card[name]=x%20y") == {
        "a": ["1", "2"],
        "card": {"number": "4", "name": "x y"},
    }
    for wrong in (b"no form", b"a=1&a[b]=2"):
        with pytest.raises(ValueError, match=r".+"):
            read_form(wrong)


def test_what_was_created_is_forgotten_with_the_journal(orders: Orders) -> None:
    """`clear` makes it a new one."""
    first = orders._state.new_id("a", "k", "x_1")
    orders._state.keep(("a", first), "key", {})
    orders.clear()

    assert orders._state.things == {}
    assert orders._state.new_id("a", "other", "x_1") == first


def test_the_base_url_has_the_contracts_path() -> None:
    """Applications put the rest behind it."""
    assert Orders().base_url("h:1") == "http://h:1/v1"


@pytest.mark.parametrize(
    ("example", "number", "made"),
    [
        ("pay_1", 1, "pay_1"),
        ("pay_1", 2, "pay_2"),
        ("pay_8Kd2mNw09", 3, "pay_8Kd2mNw11"),
        ("cus_aZ", 3, "cus_bB"),
        ("m-0009", 2, "m-0010"),
        ("x_9", 2, "x_01"),
        ("name", 2, "namf"),
        (7, 3, 9),
        ("3f0c1f2e-5a7b-4c8d-9e0f-00000000000f", 2, "3f0c1f2e-5a7b-4c8d-9e0f-000000000010"),
    ],
)
def test_a_new_id_is_of_the_kind_of_the_example(example: Any, number: int, made: Any) -> None:
    """As long, and with the same kinds of characters, for a pattern to match it, too."""
    assert new_id(example, number) == made


def test_ids_do_not_repeat() -> None:
    """Nor after an overflow."""
    assert len({new_id("x_1", number) for number in range(1, 200)}) == 199


def test_a_model_is_as_strict_as_json() -> None:
    """A text is no number, and null is not what may be left out."""
    for wrong in ('{"cents": "1"}', '{"cents": true}', '{"cents": 1, "note": null}'):
        with pytest.raises(ValidationError):
            NewOrder.model_validate_json(wrong, strict=True)
    assert NewOrder.model_validate_json('{"cents": 1}', strict=True).note is None
