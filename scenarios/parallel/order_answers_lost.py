"""The first answers of an order's steps are lost, and 429 for the price twice: tried again, and each is done once."""

from __future__ import annotations

from dataclasses import replace

from fakes.inventory import Inventory
from fakes.payments import Payments
from fakes.quotes import Quotes
from harness import AtMostOnce, Attempts, FirstCalls, HttpError, LostReply, Outcome
from scenarios.parallel import all_well

scenario = replace(
    all_well.scenario,
    drive=None,
    faults=[
        LostReply(on=Inventory.reserve, when=FirstCalls(n=1)),
        LostReply(on=Payments.charge, when=FirstCalls(n=2)),
        HttpError(on=Quotes.ask, status=429, when=FirstCalls(n=2)),
    ],
    expects=[
        Outcome(result={"inventory_reserved": "reservation_o1", "payment_processed": "charge_o1"}),
        Attempts(of=Inventory.reserve, count=2),
        Attempts(of=Payments.charge, count=3),
        Attempts(of=Quotes.ask, count=3),
        AtMostOnce(of=Inventory.reserve, per="order"),
        AtMostOnce(of=Payments.charge, per="order"),
    ],
)
