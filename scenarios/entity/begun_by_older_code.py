"""A state that older code wrote is brought up to date, and what it did not know is ignored."""

from __future__ import annotations

from dataclasses import replace

from harness import Outcome
from scenarios.entity import all_well

# Without a version it is of the first one.
OLD = {"balance": 12.29, "transactions": [{"amount": 10.0}, {"amount": 2.29}], "colour": "blue"}

scenario = replace(
    all_well.scenario,
    given=replace(all_well.ACCOUNT, state=OLD),
    expects=[
        Outcome(result={"posted": 2 + 12, "pending": [], "run": 3}),
        all_well.CARRIED,
    ],
    claims=["CON-013"],
)
