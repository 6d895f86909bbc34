"""What a fake answers, and what stands afterwards."""

from __future__ import annotations

import zlib
from typing import Any

import pytest

from fakes.datasets import Datasets
from fakes.enquiries import Enquiries
from fakes.notifications import Notifications
from fakes.payments import Payments
from fakes.readings import Readings
from harness import FakeService
from harness.events import EffectApplied, EffectRepeated
from tests.unit.fake_testbed import ask

CHARGE = {"order": "o1", "cents": 4200, "token": "tok_1"}
ROUTES: dict[type[FakeService], str] = {
    Enquiries: "POST /enquiries",
    Notifications: "POST /notifications",
    Payments: "POST /charges",
    Readings: "POST /chunks",
}
NOTICE = {"about": "o1", "kind": "declined"}


@pytest.mark.parametrize(
    ("kind", "key", "body", "status", "answer"),
    [
        (Enquiries, None, {"text": "rain"}, 200, {"answer": "all about rain"}),
        (Enquiries, None, {"text": "invalid"}, 422, None),
        (Enquiries, None, {"text": ""}, 422, None),
        (Notifications, "k", NOTICE, 201, {"sent": "declined about o1"}),
        (Notifications, None, NOTICE, 400, None),
        (Notifications, "k", {"about": "o1"}, 422, None),
        (Payments, "k", CHARGE, 201, {"charge": "charge_o1", "cents": 4200}),
        (Payments, None, CHARGE, 201, {"charge": "charge_o1", "cents": 4200}),
        (Payments, "k", {"order": "o1", "cents": 0}, 422, None),
        (Readings, None, {"dataset": "meters", "first": 7, "count": 3}, 200, {"values": [7, 8, 9]}),
        (Readings, None, {"dataset": "meters", "first": 0, "count": 0}, 422, None),
    ],
)
async def test_a_fake_answers(kind: type[FakeService], key: str | None, body: Any, status: int, answer: Any) -> None:
    """What it was asked for, or what was wrong with that."""
    got = await ask(kind(), ROUTES[kind], key=key, body=body)

    assert got.status == status
    assert answer is None or got.body == answer


@pytest.mark.parametrize(("kind", "body"), [(Notifications, NOTICE), (Payments, CHARGE)])
async def test_the_same_key_is_one_effect(kind: type[FakeService], body: Any) -> None:
    """Answered as the first time; another key is another effect."""
    fake = kind()

    first, again, other = [await ask(fake, ROUTES[kind], key=key, body=body) for key in ("k1", "k1", "k2")]

    assert [first.status, again.status, other.status] == [201, 200, 201]
    assert first.body == again.body
    effects = [type(event) for event in fake.journal if isinstance(event, EffectApplied | EffectRepeated)]
    assert effects == [EffectApplied, EffectRepeated, EffectApplied]


async def test_asking_changes_nothing() -> None:
    """However often."""
    fake = Enquiries()
    for _ in range(2):
        await ask(fake, ROUTES[Enquiries], body={"text": "rain"})

    assert not [event for event in fake.journal if isinstance(event, EffectApplied | EffectRepeated)]


async def test_a_data_set_is_as_large_as_its_name_says() -> None:
    """A kilobyte a record, the same each time; noise does not compress to a half; there are no others."""
    fake = Datasets()
    sales, noise, again = [await ask(fake, f"GET /datasets/{name}") for name in ("sales-30", "noise-30", "noise-30")]
    missing = await ask(fake, "GET /datasets/sales")

    assert [len(one.body["records"]) for one in (sales, noise)] == [30, 30]
    assert all(30_000 < len(one.raw) < 35_000 for one in (sales, noise))
    assert noise.raw == again.raw
    assert len(zlib.compress(sales.raw)) < 1_000
    assert len(zlib.compress(noise.raw)) > 15_000
    assert missing.status == 404
